import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { ConnectionEntity } from '../../src/factors/federated/connections/connection.entity.js';
import { type ConnectionSettings, DEFAULT_SETTINGS } from '../../src/factors/federated/connections/connection.js';
import { ConnectionSecrets } from '../../src/factors/federated/connections/connection-secrets.js';
import { CONNECTIONS_CHANGED, Connections } from '../../src/factors/federated/connections/connections.js';
import { FederatedLogins } from '../../src/factors/federated/recheck/federated-logins.js';
import { Rechecks } from '../../src/factors/federated/recheck/rechecks.js';
import type { UpstreamLogin } from '../../src/factors/federated/upstreams/upstream.js';
import { Upstreams } from '../../src/factors/federated/upstreams/upstreams.js';
import { Revocations } from '../../src/revocation/revocations.js';
import {
  type ActingUser,
  type AuthTestApp,
  type FakePerson,
  type FakeProvider,
  TestClient,
} from '../../src/testing/index.js';

/** A session that rests on a login with a provider. */
export interface RestedSession {
  readonly user: ActingUser;
  readonly person: FakePerson;
  readonly identityId: string;
  readonly loginId: string;
  /** The session there (`sid`). */
  readonly upstreamSid: string | null;
}

/** What a test may say of one. */
export interface RestedParams {
  readonly connectionId: string;
  readonly strategy?: string;
  readonly transport?: 'body' | 'cookie' | 'split';
  /** Of a person who has logged in before. */
  readonly again?: RestedSession;
  /** A session that was begun already. Absent: a new one. */
  readonly user?: ActingUser;
  /** What the provider says otherwise. */
  readonly said?: Partial<UpstreamLogin['identity']>;
  readonly token?: null;
}

/** A row of `federated_logins`, as far as tests look at it. */
export interface LoginRow {
  readonly id: string;
  readonly checked_at: Date;
  readonly next_check_at: Date;
  readonly failing_since: Date | null;
  readonly was_lost: boolean;
  readonly expires_at: Date | null;
  readonly token_sealed: string | null;
  readonly claim_id: string | null;
}

const CALLBACK = 'http://localhost:3000/auth/federated/them/callback';

/** Sessions that rest on logins with a provider, made by the application's own services; and looks at them. */
export class RestedSessions {
  constructor(
    readonly app: AuthTestApp,
    readonly provider: FakeProvider,
  ) {}

  part<T>(token: abstract new (...given: never[]) => T, app = this.app): T {
    return app.app.get<T>(token as never, { strict: false });
  }

  get database(): DataSource {
    return this.app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  }

  /** A connection to the provider. @returns its id */
  async connect(
    settings: Partial<ConnectionSettings> = {},
    slug = `them-${randomUUID().slice(0, 8)}`,
  ): Promise<string> {
    const { provider } = this;
    const id = randomUUID();
    const now = this.app.clock.now();
    const [issuer, baseUrl] = provider.kind === 'github' ? [null, provider.origin] : [provider.issuer, null];
    await this.database.manager.insert(ConnectionEntity, {
      ...{ id, slug, kind: provider.kind, issuer, baseUrl, clientId: provider.clientId },
      clientSecretSealed: this.part(ConnectionSecrets).seal(provider.clientSecret, id),
      settings: { ...DEFAULT_SETTINGS, ...settings } as never,
      ...{ organisationId: null, createdAt: now, updatedAt: now, disabledAt: null },
    });
    await this.announceConnections();
    return id;
  }

  async announceConnections(): Promise<void> {
    await this.part(Revocations).announce([CONNECTIONS_CHANGED], this.database.manager);
    await this.part(Revocations).settle([CONNECTIONS_CHANGED]);
  }

  /** A person logs in with the provider: a browser's way there and back, whose end is told to the services. */
  async logIn({ connectionId, again, said, token, user: given, ...how }: RestedParams): Promise<RestedSession> {
    const person = again?.person ?? this.provider.addPerson();
    const connection = (await this.part(Connections).find(connectionId))!;
    const upstream = await this.part(Upstreams).of(connection);
    const secrets = { state: randomUUID(), nonce: randomUUID(), redirectUri: CALLBACK };
    const flow = { ...secrets, codeVerifier: randomUUID() + randomUUID() };
    this.provider.chosen = person;
    const url = await upstream.authorizationUrl({ ...flow, purpose: 'login' });
    const { headers } = await fetch(url, { redirect: 'manual' });
    const done = await upstream.complete(new URL(headers.get('location')!), flow);
    const login = { identity: { ...done.identity, ...said }, token: token === null ? null : done.token };
    const user = given ?? (await this.app.actAs({ ...how, ...(again && { email: again.user.email! }) }));
    const identityId = again?.identityId ?? (await this.link(user.userId, connectionId, login));
    const loginId = await this.part(FederatedLogins).begin({
      connection,
      identityId,
      login,
      askedAt: this.app.clock.now(),
    });
    await this.part(FederatedLogins).onSession(loginId, user.sessionId);
    return { user, person, identityId, loginId, upstreamSid: login.identity.sessionId };
  }

  /** Looks at everything that is due, by this node or another one. */
  async look(app = this.app): Promise<void> {
    await this.part(Rechecks, app).settled();
  }

  /** The status of each session's next request. */
  outcomes(sessions: readonly RestedSession[], app = this.app): Promise<number[]> {
    return Promise.all(
      sessions.map(async ({ user }) => {
        const client = app === this.app ? user : user.copyInto(new TestClient(app.url, user.defaults));
        return statusOf(client);
      }),
    );
  }

  /** Nothing is left to be looked at. */
  async clear(): Promise<void> {
    await this.database.query('DELETE FROM coatcheck.federated_logins');
  }

  async row(loginId: string): Promise<LoginRow | undefined> {
    const [row] = await this.database.query('SELECT * FROM coatcheck.federated_logins WHERE id = $1', [loginId]);
    return row;
  }

  /** What the audit says of the ends of a session. */
  async endsOf(sessionId: string): Promise<string[]> {
    const events: { type: string; reason: string }[] = await this.database.query(
      'SELECT type, reason FROM coatcheck.audit_events WHERE session_id = $1 AND reason IS NOT NULL ORDER BY type',
      [sessionId],
    );
    return events.map(({ type, reason }) => `${type}:${reason}`);
  }

  private async link(userId: string, connectionId: string, { identity }: UpstreamLogin): Promise<string> {
    const id = randomUUID();
    const now = this.app.clock.now();
    await this.database.query(
      `INSERT INTO coatcheck.federated_identities (id, user_id, connection_id, issuer, subject, linked_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [id, userId, connectionId, identity.issuer, identity.subject, now],
    );
    return id;
  }
}

/** Of the next request; an access token that has run out is renewed for it. */
export async function statusOf(client: TestClient): Promise<number> {
  const { status } = await client.get('/auth/me');
  if (status !== 401 || (await client.post('/auth/refresh')).status !== 200) return status;
  return (await client.get('/auth/me')).status;
}
