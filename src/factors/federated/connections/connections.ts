import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { readInstant, readInstantOrNull } from '../../../kernel/instant.js';
import { deepFrozen } from '../../../kernel/json-object.js';
import { type CredentialView, CredentialViews, type Kept } from '../../../revocation/credential-view.js';
import type { Announcement } from '../../../revocation/revocation-feed.js';
import { ConnectionEntity } from './connection.entity.js';
import { type Connection, DEFAULT_SETTINGS, domainIn, domainOf } from './connection.js';
import { ConnectionDomainEntity } from './connection-domain.entity.js';
import { ConnectionFile } from './connection-file.js';
import { ConnectionSecrets } from './connection-secrets.js';

/** The announcement that follows every change of a connection. */
export const CONNECTIONS_CHANGED: Announcement = { subject: 'key:federated-connections', kind: 'changed' };

/** All connections at once: they are few, and change seldom. */
interface AllConnections extends Kept {
  readonly all: readonly Connection[];
  readonly byId: ReadonlyMap<string, Connection>;
  readonly bySlug: ReadonlyMap<string, Connection>;
  /** Verified domains. */
  readonly byDomain: ReadonlyMap<string, Connection>;
  /** Sealed; null: none. */
  readonly secrets: ReadonlyMap<string, string | null>;
}

const ALL = 'all';

/**
 * The outside providers: those of the table, and of the file `FEDERATED`. Of one slug the file is believed before the table, whose connection is
 * then found by its id only: no user logs in by it, and the sessions that rest on it are looked at as before. A connection of the file has the id
 * `file:<slug>`, so that the same logins are linked when it was taken out of the file and is put back. Answered from this node's view: no store
 * is asked, and a change has reached every node when it is answered.
 */
@Injectable()
export class Connections {
  private readonly logger = new Logger('federated');
  private readonly view: CredentialView<AllConnections>;
  private wereOfUse = true;

  constructor(
    views: CredentialViews,
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly file: ConnectionFile,
    private readonly secrets: ConnectionSecrets,
  ) {
    this.view = views.createView(1, true);
  }

  /** Null when there is none of this id; a disabled one says so. */
  async find(id: string): Promise<Connection | null> {
    return (await this.known()).byId.get(id) ?? null;
  }

  /** As {@link find}, by its name in addresses. */
  async named(slug: string): Promise<Connection | null> {
    return (await this.known()).bySlug.get(slug) ?? null;
  }

  /** Those with a button on the sign-in page, the oldest first, those of the file before them. None is disabled. */
  async listed(): Promise<readonly Connection[]> {
    return (await this.all()).filter(({ isDisabled, settings }) => !isDisabled && settings.isListed);
  }

  /**
   * The connection that has proven to be this domain's, whole: neither of those above it nor of those below. Null when there is none, or it is
   * disabled.
   *
   * @param domain in any spelling; null for what is no domain
   */
  async ofDomain(domain: string): Promise<Connection | null> {
    const plain = domainIn(domain);
    const found = plain === null ? undefined : (await this.known()).byDomain.get(plain);
    return found && !found.isDisabled ? found : null;
  }

  /** {@link ofDomain} of an address; null for what is not exactly one plain address. */
  async ofAddress(address: string): Promise<Connection | null> {
    const domain = domainOf(address);
    return domain === null ? null : this.ofDomain(domain);
  }

  /** Whether any that is not disabled has verified a domain: then addresses lead somewhere. */
  async haveDomains(): Promise<boolean> {
    return [...(await this.known()).byDomain.values()].some(({ isDisabled }) => !isDisabled);
  }

  /** Whether there is any, or any login that is linked still. At once, from what this node knows; where that is nothing, from what it last knew. */
  areOfUse(): boolean {
    if (!this.view.peek(ALL)) void this.known().catch(() => undefined);
    return this.wereOfUse;
  }

  /** Those that can be logged in by, disabled ones too. */
  async all(): Promise<readonly Connection[]> {
    return (await this.known()).all;
  }

  /**
   * The secret with which the connection authenticates; null: it has none.
   *
   * @throws AuthError `unavailable` when no key of ours opens it
   */
  async secretOf({ id }: Connection): Promise<string | null> {
    const ofFile = this.file.secretOf(id);
    if (ofFile !== undefined) return ofFile;
    const sealed = (await this.known()).secrets.get(id) ?? null;
    const secret = sealed === null ? null : this.secrets.open(sealed, id);
    if (sealed === null || secret !== null) return secret;
    this.logger.error(
      `the secret of the connection ${id} cannot be decrypted: restore SECRET_KEY, or list it in PREVIOUS_SECRET_KEYS`,
    );
    throw new AuthError('unavailable', { reason: 'connection_secret_unreadable' });
  }

  /**
   * Holds the connection as it is until the transaction ends: what is begun by it is committed before it can be disabled, or is refused.
   *
   * @throws AuthError `invalid_credentials` when it is gone or disabled by now
   */
  async assertInForce(id: string, tx: EntityManager): Promise<void> {
    const ofFile = this.file.all().find((one) => one.id === id);
    if (ofFile && !ofFile.isDisabled) return;
    const rows: unknown[] = await tx.query(
      'SELECT 1 FROM coatcheck.connections WHERE id = $1 AND disabled_at IS NULL FOR SHARE',
      [id],
    );
    if (ofFile || rows.length === 0) throw new AuthError('invalid_credentials', { reason: 'connection_not_in_force' });
  }

  /** How many secrets a former `SECRET_KEY` alone opens. */
  async outdated(): Promise<number> {
    const { secrets } = await this.known();
    return [...secrets].filter(([id, sealed]) => sealed !== null && this.secrets.needsPreviousKey(sealed, id)).length;
  }

  /** How many secrets no key of ours opens. */
  async unopened(): Promise<number> {
    const { secrets } = await this.known();
    return [...secrets].filter(([id, sealed]) => sealed !== null && this.secrets.open(sealed, id) === null).length;
  }

  /** Seals what a former `SECRET_KEY` alone opens anew, beside the work: a reader opens it meanwhile as before. */
  private renew({ id, clientSecretSealed: sealed }: ConnectionEntity): void {
    if (sealed === null || !this.secrets.needsPreviousKey(sealed, id)) return;
    const clientSecretSealed = this.secrets.seal(this.secrets.open(sealed, id)!, id);
    const where = { id, clientSecretSealed: sealed };
    this.dataSource.manager.update(ConnectionEntity, where, { clientSecretSealed }).catch((error: unknown) => {
      this.logger.warn(`the secret of the connection ${id} could not be encrypted anew: ${String(error)}`);
    });
  }

  private async known(): Promise<AllConnections> {
    return this.view.peek(ALL) ?? this.view.load(ALL, () => this.load());
  }

  private async load(): Promise<AllConnections> {
    const [rows, domains, [linked]] = await Promise.all([
      this.dataSource.manager.find(ConnectionEntity, { order: { createdAt: 'ASC', id: 'ASC' } }),
      this.dataSource.manager.find(ConnectionDomainEntity),
      this.dataSource.query('SELECT EXISTS (SELECT FROM coatcheck.federated_identities) AS any'),
    ]);
    for (const row of rows) this.renew(row);
    const ofFile = this.file.all();
    const ofTable = rows.map(connectionOf);
    const slugs = new Set(ofFile.map(({ slug }) => slug));
    const all = [...ofFile, ...ofTable.filter(({ slug }) => !slugs.has(slug))];
    this.wereOfUse = rows.length > 0 || ofFile.length > 0 || linked.any;
    const byId = new Map([...ofTable, ...ofFile].map((one) => [one.id, one]));
    return {
      subjects: [CONNECTIONS_CHANGED.subject],
      all,
      byId,
      bySlug: new Map(all.map((one) => [one.slug, one])),
      byDomain: new Map([...domainsOf(domains, all), ...this.file.domains()]),
      secrets: new Map(rows.map((row) => [row.id, row.clientSecretSealed])),
    };
  }
}

/** Of those that can be logged in by. */
function domainsOf(rows: readonly ConnectionDomainEntity[], all: readonly Connection[]): [string, Connection][] {
  const byId = new Map(all.map((one) => [one.id, one]));
  return rows.flatMap(({ domain, connectionId, verifiedAt }) => {
    const connection = byId.get(connectionId);
    const isVerified = readInstantOrNull(verifiedAt, 'connection_domains.verified_at') !== null;
    return connection && isVerified ? [[domain, connection]] : [];
  });
}

export function connectionOf(row: ConnectionEntity): Connection {
  const { id, slug, kind, issuer, baseUrl, clientId } = row;
  const createdAt = readInstant(row.createdAt, 'connections.created_at');
  const isDisabled = readInstantOrNull(row.disabledAt, 'connections.disabled_at') !== null;
  const settings = deepFrozen({ ...DEFAULT_SETTINGS, ...structuredClone(row.settings) }) as Connection['settings'];
  return Object.freeze({ id, slug, kind, issuer, baseUrl, clientId, settings, isDisabled, createdAt });
}
