import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { createClient } from 'redis';
import { migrations } from '../../../migrations/index.js';
import { openDataSource } from '../../../src/database/open-data-source.js';
import { isThere } from './machine.js';

/** Of the project, from where this is compiled to. */
export const ROOT = join(import.meta.dirname, '../../../..');

/** PostgreSQL and Redis for this run, started when first asked for, and ended with it. */
export class BenchStores {
  readonly hasRedis = isThere('redis-server', '--version');
  private readonly children: ChildProcess[] = [];
  private postgres: Promise<string> | undefined;
  private redisServer: Promise<string> | undefined;
  private databases = 0;

  /** A fresh, migrated database. The server keeps to its defaults: what it has committed survives a power cut. */
  async database(): Promise<string> {
    this.postgres ??= this.start('postgres-server.mjs', 'durable');
    const url = new URL(await this.postgres);
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const name = `bench_${randomBytes(6).toString('hex')}`;
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    url.pathname = `/${name}`;
    const settings = {
      databaseUrl: url.href,
      dataDir: '',
      poolSize: 2,
      entities: [],
      migrations,
      migrateOnStart: true,
    };
    await (await openDataSource(settings)).destroy();
    return url.href;
  }

  /** One of the sixteen databases of a Redis that keeps nothing on disk, emptied: the seventeenth is the first again. */
  async redis(): Promise<string> {
    this.redisServer ??= this.start('cache-server.mjs', 'redis');
    const url = `${await this.redisServer}/${this.databases++ % 16}`;
    await asked(url, (client) => client.flushDb());
    return url;
  }

  /** What PostgreSQL calls itself. */
  async postgresVersion(): Promise<string | null> {
    if (!this.postgres) return null;
    const client = new pg.Client({ connectionString: await this.postgres });
    await client.connect();
    const { rows } = await client.query('SHOW server_version');
    await client.end();
    return rows[0].server_version;
  }

  /** What Redis calls itself, or what answers in its place. */
  async redisVersion(): Promise<string> {
    const info = await asked(await this.redis(), (client) => client.info('server'));
    const [, valkey] = /\nvalkey_version:(\S+)/.exec(info) ?? [];
    return valkey ? `Valkey ${valkey}` : `Redis ${/\nredis_version:(\S+)/.exec(info)![1]}`;
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.children.map((child) => {
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.disconnect();
        return ended;
      }),
    );
  }

  private start(script: string, kind: string): Promise<string> {
    const child = fork(join(ROOT, 'test', script), [kind], { execArgv: [], detached: true });
    this.children.push(child);
    return new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)));
      child.once('message', ({ url, failure }: { url?: string; failure?: string }) =>
        url ? resolve(url) : reject(new Error(failure)),
      );
    });
  }
}

/** A client of the bench's own. */
export function cacheAt(url: string) {
  return createClient({ url });
}

async function asked<T>(url: string, ask: (client: ReturnType<typeof cacheAt>) => Promise<T>): Promise<T> {
  const client = cacheAt(url);
  await client.connect();
  try {
    return await ask(client);
  } finally {
    client.destroy();
  }
}
