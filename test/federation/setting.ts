import type { Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { ConnectionSettings } from '../../src/factors/federated/connections/connection.js';
import { ConnectionAdmin } from '../../src/factors/federated/connections/connection-admin.js';
import { ConnectionDomains } from '../../src/factors/federated/connections/connection-domains.js';
import {
  type AuthTestApp,
  type FakePerson,
  type FakeProvider,
  startFakeProvider,
  type TestClient,
  type TestReply,
} from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';

const BY_NOBODY = { actorId: null, origin: null };

/** Where logins end. */
export const RETURN = 'http://localhost:3000/done';
/** What the fragment says there after a login. */
export const LET_IN = {};
export const REFUSED = { error: 'invalid_credentials' };
export const PASSWORD = 'an engine weaves algebra';

/** What is said of a connection that a test makes. */
export interface MadeConnection extends Partial<ConnectionSettings> {
  readonly slug: string;
  readonly domains?: readonly string[];
}

/** What a connection has to know of its provider. */
type ConnectedProvider = Pick<FakeProvider, 'kind' | 'origin' | 'issuer' | 'clientId' | 'clientSecret'>;

/** Makes connections, and logs browsers in by them. */
export class Federation {
  constructor(readonly app: AuthTestApp) {}

  get tables(): DataSource {
    return this.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  }

  /** A connection to a provider. @returns its id */
  async connect(provider: ConnectedProvider, { slug, domains = [], ...settings }: MadeConnection): Promise<string> {
    const { kind, clientId, clientSecret } = provider;
    const where = kind === 'github' ? { baseUrl: provider.origin } : { issuer: provider.issuer };
    const params = { slug, kind, ...where, clientId, clientSecret, settings };
    const { id } = await this.service(ConnectionAdmin).create(params, BY_NOBODY);
    for (const domain of domains) await this.service(ConnectionDomains).add(id, domain, 'admin', BY_NOBODY);
    return id;
  }

  /** Changes the settings of a connection; the others stay. */
  async change(id: string, settings: Partial<ConnectionSettings>): Promise<void> {
    await this.service(ConnectionAdmin).change(id, { settings }, BY_NOBODY);
  }

  async disable(id: string): Promise<void> {
    await this.service(ConnectionAdmin).change(id, { disabled: true }, BY_NOBODY);
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

  private service<T>(type: Type<T>): T {
    return this.app.app.get(type, { strict: false });
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

  /** A whole login as somebody, in a browser of its own; what the fragment says in the end. */
  async logInAs(provider: FakeProvider, connection: string, person: FakePerson) {
    provider.chosen = person;
    const browser = this.app.client();
    const { said } = endOf(await this.logIn(browser, connection, { returnTo: RETURN }));
    return { said, browser, me: await browser.get('/auth/me') };
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

/** The service, where addresses need not be verified, and an outside provider. */
export async function bootFederation() {
  const app = await bootWithMadeUsers({ emailVerification: 'optional', mailPollSeconds: 3600 });
  const provider = await startFakeProvider({ clock: app.clock });
  const close = async () => {
    await app.close();
    await provider.stop();
  };
  return { app, provider, on: new Federation(app), close };
}

/** Addresses that nobody has yet. */
export function newAddresses(prefix: string): (domain?: string) => string {
  let made = 0;
  return (domain = 'example.com') => `${prefix}-${++made}@${domain}`;
}
