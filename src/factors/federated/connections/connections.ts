import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, Not } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { unsealByAny } from '../../../kernel/sealed-text.js';
import { SecretKey } from '../../../kernel/secret-key.js';
import { ConnectionEntity } from './connection.entity.js';
import type { Connection } from './connection.js';
import { ConnectionDomainEntity } from './connection-domain.entity.js';

/** Purpose of the key that seals client secrets. */
export const CONNECTION_SECRET = 'connection-secret';

/** The connections that there are. */
@Injectable()
export class Connections {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    secretKey: SecretKey,
  ) {
    this.keys = secretKey.deriveAll(CONNECTION_SECRET);
  }

  async find(id: string): Promise<Connection | null> {
    const row = await this.dataSource.manager.findOneBy(ConnectionEntity, { id });
    return row && connectionOf(row);
  }

  async named(slug: string): Promise<Connection | null> {
    const row = await this.dataSource.manager.findOneBy(ConnectionEntity, { slug });
    return row && connectionOf(row);
  }

  /** By name. */
  async all(): Promise<readonly Connection[]> {
    return (await this.dataSource.manager.find(ConnectionEntity, { order: { slug: 'ASC' } })).map(connectionOf);
  }

  /** Those with a button on the sign-in page. */
  async listed(): Promise<readonly Connection[]> {
    return (await this.all()).filter(({ isDisabled, settings }) => !isDisabled && settings.isListed);
  }

  /** The one that has verified the domain. */
  async ofDomain(domain: string): Promise<readonly Connection[]> {
    const rows = await this.dataSource.manager.findBy(ConnectionDomainEntity, { domain });
    const ids = rows.filter(({ verifiedAt }) => verifiedAt !== null).map(({ connectionId }) => connectionId);
    return (await this.dataSource.manager.findBy(ConnectionEntity, { id: In(ids) })).map(connectionOf);
  }

  /** Whether any has verified a domain. */
  haveDomains(): Promise<boolean> {
    return this.dataSource.manager.existsBy(ConnectionDomainEntity, { verifiedAt: Not(IsNull()) });
  }

  async secretOf({ id }: Connection): Promise<string | null> {
    const row = await this.dataSource.manager.findOneBy(ConnectionEntity, { id });
    return row?.clientSecretSealed ? unsealByAny(row.clientSecretSealed, this.keys, id) : null;
  }
}

function connectionOf(row: ConnectionEntity): Connection {
  const { id, slug, kind, issuer, baseUrl, clientId, settings, createdAt } = row;
  return { id, slug, kind, issuer, baseUrl, clientId, settings, createdAt, isDisabled: row.disabledAt !== null };
}
