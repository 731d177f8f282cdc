import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { ClientParams } from '../../src/oauth/clients/client-params.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import { OAuthConsents } from '../../src/oauth/grants/oauth-consents.js';
import { OAuthGrants } from '../../src/oauth/grants/oauth-grants.js';
import { SessionService } from '../../src/sessions/session.service.js';
import type { AuthTestApp, TestClient, TestUser } from '../../src/testing/index.js';

const BY_NOBODY = { actorId: null, origin: null };

/** Grants of one node, made as the provider makes them. */
export class Granting {
  readonly grants: OAuthGrants;
  readonly consents: OAuthConsents;
  readonly sessions: SessionService;
  readonly database: DataSource;
  private readonly admin: OAuthClientAdmin;

  constructor(readonly app: AuthTestApp) {
    const part = <T>(token: abstract new (...given: never[]) => T) => app.app.get<T>(token as never, { strict: false });
    this.grants = part(OAuthGrants);
    this.consents = part(OAuthConsents);
    this.sessions = part(SessionService);
    this.admin = part(OAuthClientAdmin);
    this.database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
  }

  /** A client of an admin's; returns its id. */
  async client(params: Partial<ClientParams> = {}): Promise<string> {
    const redirectUris = ['https://reports.example.com/back'];
    const { client } = await this.admin.create({ name: 'Reports', type: 'public', redirectUris, ...params }, BY_NOBODY);
    return client.id;
  }

  async disable(clientId: string): Promise<void> {
    await this.admin.change(clientId, { disabled: true }, BY_NOBODY);
  }

  /** Takes scopes from a client. */
  async narrow(clientId: string, scopes: string[]): Promise<void> {
    await this.admin.change(clientId, { scopes }, BY_NOBODY);
  }

  /** The session of this browser. */
  async sessionOf(user: TestClient): Promise<string> {
    const { status, body } = await user.get('/auth/me');
    if (status !== 200) throw new Error(`no session: ${status}`);
    return body.session.id;
  }

  /** What the user is at this moment to whoever makes a grant. */
  async owner(user: TestUser): Promise<{ id: string; sessionEpoch: number }> {
    const [{ epoch }] = await this.database.query('SELECT session_epoch AS epoch FROM coatcheck.users WHERE id = $1', [
      user.userId,
    ]);
    return { id: user.userId, sessionEpoch: epoch };
  }

  /** In the user's session, or offline. @throws where it is refused */
  async grant(
    user: TestUser,
    clientId: string,
    on: 'session' | 'offline' = 'session',
    more: object = {},
  ): Promise<string> {
    const sessionId = on === 'session' ? await this.sessionOf(user) : null;
    const payload = { openid: { scope: 'openid profile' }, resources: { 'https://api.example.com': 'read write' } };
    const id = await this.grants.create({ clientId, user: await this.owner(user), sessionId, payload, ...more });
    if (id === null) throw new Error('no grant was made');
    return id;
  }

  async isGood(id: string): Promise<boolean> {
    return (await this.grants.judge(id)) !== null;
  }

  /** As the table has it. */
  async row(id: string) {
    const [row] = await this.database.query('SELECT * FROM coatcheck.oauth_grants WHERE id = $1', [id]);
    return row;
  }
}
