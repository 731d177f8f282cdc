import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { Options } from '../../src/config/options.js';
import { type OpeningSettings, openDataSource } from '../../src/database/open-data-source.js';
import { tableOf } from '../../src/database/table-of.js';
import type { Storage } from '../../src/sessions/storage.js';
import { MemcachedStorage } from '../../src/stores/memcached/memcached.storage.js';
import { memcachedOptions } from '../../src/stores/memcached/memcached-options.js';
import { MemoryStorage } from '../../src/stores/memory/memory.storage.js';
import { postgresFeature } from '../../src/stores/postgres/postgres.feature.js';
import { PostgresStorage } from '../../src/stores/postgres/postgres.storage.js';
import { RedisStorage } from '../../src/stores/redis/redis.storage.js';
import { redisOptions } from '../../src/stores/redis/redis-options.js';
import { UserEntity } from '../../src/users/user.entity.js';
import type { UserRecord, UserTable } from '../../src/users/user.store.js';
import { freshEmbeddedDatabase } from '../embedded-database.js';
import { freshDatabase } from '../real-postgres.js';
import { isInstalled, ownServer, sharedServer } from '../servers-of-this-run.js';

Logger.overrideLogger(false);

/** A storage to be examined, with what its stores refer to. */
export interface StorageUnderTest {
  readonly storage: Storage;
  makeUser(): Promise<string>;
  /** Where the users are in its database. */
  readonly users?: UserTable;
  close(): Promise<void>;
}

/** Every storage, each over every database it runs on. */
export const storages: Readonly<Record<string, () => Promise<StorageUnderTest>>> = {
  ...(isInstalled('memcached') && { Memcached: onMemcached }),
  ...(isInstalled('redis-server') && {
    Redis: () => onRedis('redis'),
    'Redis Cluster': () => onRedis('redis-cluster'),
  }),
  memory: async () => ({ storage: new MemoryStorage(), makeUser: async () => randomUUID(), close: async () => {} }),
  'real PostgreSQL': onRealPostgres,
  'embedded PostgreSQL': onEmbeddedPostgres,
};

/** All of our tables, but entities of the stores and of the users only. */
export function openTestDataSource(databaseUrl: string, migrateOnStart = true): Promise<DataSource> {
  return open({ databaseUrl, dataDir: '', migrateOnStart });
}

/** The same, embedded: as the template has it, or in this folder. */
export async function openEmbeddedDataSource(
  dataDir?: string,
): Promise<{ dataSource: DataSource; close(): Promise<void> }> {
  const database = dataDir === undefined ? await freshEmbeddedDatabase() : { dataDir, drop: async () => {} };
  const dataSource = await open({ dataDir: database.dataDir, migrateOnStart: true });
  return { dataSource, close: () => dataSource.destroy().finally(() => database.drop()) };
}

function open(settings: Pick<OpeningSettings, 'databaseUrl' | 'dataDir' | 'migrateOnStart'>): Promise<DataSource> {
  const entities = [...(postgresFeature.entities ?? []), UserEntity];
  return openDataSource({ poolSize: 10, entities, migrations, ...settings });
}

async function onEmbeddedPostgres(): Promise<StorageUnderTest> {
  const { dataSource, close } = await openEmbeddedDataSource();
  return { ...onDataSource(dataSource), close };
}

async function onRealPostgres(): Promise<StorageUnderTest> {
  const { url, drop } = await freshDatabase();
  const { close, ...rest } = onDataSource(await openTestDataSource(url));
  return { ...rest, close: () => close().then(drop) };
}

/** A Redis storage that its suite closes. */
export async function openRedis(url: string): Promise<RedisStorage> {
  const storage = new RedisStorage(Options.resolve([redisOptions], { redisUrl: url }));
  await storage.open();
  return storage;
}

/** As if Redis had run for long: otherwise revokers wait for leases that it may have forgotten. */
async function makeOld(storage: RedisStorage): Promise<void> {
  await storage.feed.status();
  await storage.connection.ask('coatcheck:{feed}:state', ['HSET', 'coatcheck:{feed}:state', 'born', '0']);
}

/** A Redis to itself, whose feed nobody else writes to. */
export async function onOwnRedis(kind: 'redis' | 'redis-cluster'): Promise<StorageUnderTest> {
  const server = await ownServer(kind);
  const storage = await openRedis(server.url);
  await makeOld(storage);
  const close = async () => {
    storage.onApplicationShutdown();
    await server.end();
  };
  return { storage, makeUser: async () => randomUUID(), close };
}

async function onRedis(kind: 'redis' | 'redis-cluster'): Promise<StorageUnderTest> {
  const storage = await openRedis((await sharedServer(kind)).url);
  return { storage, makeUser: async () => randomUUID(), close: async () => storage.onApplicationShutdown() };
}

/** A Memcached storage that its suite closes. */
export async function openMemcached(url: string): Promise<MemcachedStorage> {
  const storage = new MemcachedStorage(Options.resolve([memcachedOptions], { memcachedUrl: url }));
  await storage.open();
  return storage;
}

async function onMemcached(): Promise<StorageUnderTest> {
  const storage = await openMemcached((await sharedServer('memcached')).url);
  return { storage, makeUser: async () => randomUUID(), close: async () => storage.onApplicationShutdown() };
}

function onDataSource(dataSource: DataSource): StorageUnderTest {
  return {
    storage: new PostgresStorage(dataSource),
    makeUser: () => insertUser(dataSource),
    users: { dataSource, ...tableOf<keyof UserRecord>(dataSource, UserEntity) },
    close: () => dataSource.destroy(),
  };
}

async function insertUser(dataSource: DataSource): Promise<string> {
  const id = randomUUID();
  await dataSource.query(`INSERT INTO coatcheck.users (id, email, roles, created_at) VALUES ($1, $2, '{}', $3)`, [
    id,
    `${id}@example.com`,
    new Date(),
  ]);
  return id;
}
