import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Storage } from '../../sessions/storage.js';
import { PostgresAtomicPrimitives } from './postgres-atomic-primitives.js';
import { PostgresRevocationFeed } from './postgres-revocation.feed.js';
import { TypeormRefreshTokenStore } from './typeorm-refresh-token.store.js';
import { TypeormSessionStore } from './typeorm-session.store.js';

/** Sessions and refresh tokens in PostgreSQL, real or embedded. */
@Injectable()
export class PostgresStorage extends Storage {
  readonly name = 'postgres';
  readonly sessions: TypeormSessionStore;
  readonly refreshTokens: TypeormRefreshTokenStore;
  readonly feed: PostgresRevocationFeed;
  readonly atomics: PostgresAtomicPrimitives;

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    super();
    this.sessions = new TypeormSessionStore(dataSource);
    this.refreshTokens = new TypeormRefreshTokenStore(dataSource);
    this.feed = new PostgresRevocationFeed(dataSource);
    this.atomics = new PostgresAtomicPrimitives(dataSource);
  }

  async ping(): Promise<void> {
    await this.dataSource.query('SELECT 1');
  }
}
