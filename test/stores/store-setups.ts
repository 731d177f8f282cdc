import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import { openDataSource } from '../../src/database/open-data-source.js';
import type { Storage } from '../../src/sessions/storage.js';
import { MemoryStorage } from '../../src/stores/memory/memory.storage.js';
import { postgresRoom } from '../../src/stores/postgres/postgres.room.js';
import { PostgresStorage } from '../../src/stores/postgres/postgres.storage.js';
import { freshDatabase } from '../real-postgres.js';

Logger.overrideLogger(false);

/** A storage to be examined, with what its stores refer to. */
export interface StorageUnderTest {
  readonly storage: Storage;
  makeUser(): Promise<string>;
  close(): Promise<void>;
}

/** Every storage, each over every database it runs on. */
export const storages: Readonly<Record<string, () => Promise<StorageUnderTest>>> = {
  memory: async () => ({ storage: new MemoryStorage(), makeUser: async () => randomUUID(), close: async () => {} }),
  'real PostgreSQL': onRealPostgres,
  'embedded PostgreSQL': async () => onDataSource(await openTestDataSource()),
};

/** All of our tables, but entities of the stores only. Without a URL: embedded, in memory. */
export function openTestDataSource(databaseUrl?: string, migrateOnStart = true): Promise<DataSource> {
  const entities = [...(postgresRoom.entities ?? [])];
  return openDataSource({ databaseUrl, dataDir: 'memory://', poolSize: 10, entities, migrations, migrateOnStart });
}

async function onRealPostgres(): Promise<StorageUnderTest> {
  const { url, drop } = await freshDatabase();
  const { close, ...rest } = onDataSource(await openTestDataSource(url));
  return { ...rest, close: () => close().then(drop) };
}

function onDataSource(dataSource: DataSource): StorageUnderTest {
  return {
    storage: new PostgresStorage(dataSource),
    makeUser: () => insertUser(dataSource),
    close: () => dataSource.destroy(),
  };
}

async function insertUser(dataSource: DataSource): Promise<string> {
  const id = randomUUID();
  await dataSource.query(`INSERT INTO users (id, email, roles, created_at) VALUES ($1, $2, '{}', $3)`, [
    id,
    `${id}@example.com`,
    new Date(),
  ]);
  return id;
}
