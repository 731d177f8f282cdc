import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { ConnectionEntity } from '../../src/factors/federated/connections/connection.entity.js';
import type { ConnectionSettings } from '../../src/factors/federated/connections/connection.js';
import { ConnectionDomainEntity } from '../../src/factors/federated/connections/connection-domain.entity.js';
import { ConnectionSecrets } from '../../src/factors/federated/connections/connection-secrets.js';
import { CONNECTIONS_CHANGED } from '../../src/factors/federated/connections/connections.js';
import { Revocations } from '../../src/revocation/revocations.js';
import { type AuthTestApp, type FakeProvider, type TestClient, type TestReply } from '../../src/testing/index.js';

const PLAIN: ConnectionSettings = {
  label: null,
  scopes: null,
  vouchesForEmail: false,
  trustsMfa: false,
  jitProvisioning: 'off',
  roles: null,
  enforced: false,
  enforcedExcept: [],
  maxAgeSeconds: null,
  isListed: true,
};

/** What is said of a connection that a test makes. */
export interface MadeConnection extends Partial<ConnectionSettings> {
  readonly slug: string;
  readonly domains?: readonly string[];
}

/** Makes connections, and logs browsers in by them. */
export class Federation {
  constructor(readonly app: AuthTestApp) {}

  get tables(): DataSource {
    return this.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  }

  /** A connection to a provider. @returns its id */
  async connect(provider: FakeProvider, { slug, domains = [], ...settings }: MadeConnection): Promise<string> {
    const id = randomUUID();
    const secrets = this.app.app.get(ConnectionSecrets, { strict: false });
    const now = this.app.clock.now();
    await this.tables.manager.insert(ConnectionEntity, {
      ...{ id, slug, kind: 'oidc', issuer: provider.issuer, baseUrl: null, clientId: provider.clientId },
      clientSecretSealed: secrets.seal(provider.clientSecret, id),
      settings: { ...PLAIN, ...settings } as never,
      ...{ organisationId: null, createdAt: now, updatedAt: now, disabledAt: null },
    });
    for (const domain of domains)
      await this.tables.manager.insert(ConnectionDomainEntity, { domain, connectionId: id, verifiedAt: now });
    await this.announce();
    return id;
  }

  /** Changes the settings of a connection. */
  async change(id: string, settings: Partial<ConnectionSettings>): Promise<void> {
    await this.tables.query('UPDATE coatcheck.connections SET settings = settings || $2 WHERE id = $1', [id, settings]);
    await this.announce();
  }

  async disable(id: string): Promise<void> {
    await this.tables.query('UPDATE coatcheck.connections SET disabled_at = now() WHERE id = $1', [id]);
    await this.announce();
  }

  /** What is linked to a user: subjects. */
  async subjectsOf(userId: string): Promise<string[]> {
    const rows = await this.tables.query(
      'SELECT subject FROM coatcheck.federated_identities WHERE user_id = $1 ORDER BY linked_at, id',
      [userId],
    );
    return rows.map(({ subject }: { subject: string }) => subject);
  }

  async userIdOf(email: string): Promise<string | null> {
    const [row] = await this.tables.query('SELECT id FROM coatcheck.users WHERE email = $1', [email]);
    return row?.id ?? null;
  }

  /** How many logins were refused for this reason, which only the audit knows. */
  async refusals(reason: string): Promise<number> {
    const [{ count }] = await this.tables.query(
      `SELECT count(*)::integer AS count FROM coatcheck.audit_events WHERE type = 'login.failed' AND reason = $1`,
      [reason],
    );
    return count;
  }

  private async announce(): Promise<void> {
    const revocations = this.app.app.get(Revocations, { strict: false });
    await this.tables.transaction((tx) => revocations.announce([CONNECTIONS_CHANGED], tx));
    await revocations.settle([CONNECTIONS_CHANGED]);
  }

  /** Begins a login in a browser. */
  async begin(browser: TestClient, connection: string, more: object = {}): Promise<URL> {
    const reply = await browser.post('/auth/login/federated', { connection, ...more });
    if (reply.status !== 200) throw new Error(`${reply.status}: ${reply.text}`);
    return new URL(reply.body.authorizationUrl);
  }

  /** A whole login: to the provider and back. */
  async logIn(browser: TestClient, connection: string, more: object = {}): Promise<TestReply> {
    return this.follow(browser, await this.answer(await this.begin(browser, connection, more)));
  }

  /** What the provider answers to an authorization: where it sends the browser. */
  async answer(authorizationUrl: URL): Promise<URL> {
    const { headers } = await fetch(authorizationUrl, { redirect: 'manual' });
    return new URL(headers.get('location')!);
  }

  /** The browser comes back. */
  follow(browser: TestClient, callback: URL): Promise<TestReply> {
    return browser.get(callback.pathname + callback.search);
  }
}

/** Where a reply leads, and what its fragment says. */
export function endOf({ status, headers }: TestReply): { status: number; to: string; said: Record<string, string> } {
  const [to = '', fragment = ''] = (headers.get('location') ?? '').split('#');
  return { status, to, said: Object.fromEntries(new URLSearchParams(fragment)) };
}
