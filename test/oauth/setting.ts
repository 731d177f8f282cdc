import { ServiceUsers } from '../../src/admin/service-users.js';
import { OAuthClientAdmin } from '../../src/oauth/clients/oauth-client-admin.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { Granting } from './granting.js';
import { HERE, SignedTokens } from './signed-tokens.js';

export const BY_NOBODY = { actorId: null, origin: null };
/** A key of RSA takes as long to make as a node to start. */
export const OAUTH = {
  authStrategies: ['session', 'jwt', 'oauth'],
  oauthRs256: false,
  mailPollSeconds: 3600,
  newDeviceNotice: false,
};

export const told = ({ status, body }: TestReply) => (status < 300 ? status : `${status} ${body.code}`);

/** A node with a client that may ask for everything at its own resource. */
export class Setting {
  readonly on: Granting;
  readonly tokens: SignedTokens;
  clientId = '';

  constructor(readonly app: AuthTestApp) {
    this.on = new Granting(app);
    this.tokens = new SignedTokens(app);
  }

  async makeClient(changes: object = {}): Promise<string> {
    const admin = this.app.app.get(OAuthClientAdmin, { strict: false });
    const params = {
      name: 'Reports',
      type: 'confidential',
      redirectUris: ['https://reports.example.com/back'],
    } as const;
    const { client } = await admin.create(
      { ...params, scopes: ['example:read'], resources: [HERE], ...changes },
      BY_NOBODY,
    );
    this.clientId = client.id;
    return client.id;
  }

  /** A client that acts for itself, and the service user it is. */
  async makeMachine(): Promise<{ clientId: string; userId: string }> {
    const users = this.app.app.get(ServiceUsers, { strict: false });
    const { id } = await users.create({ name: 'nightly job', roles: [] } as never, BY_NOBODY as never);
    const clientId = await this.makeClient({ grantTypes: ['client_credentials'], serviceUserId: id, redirectUris: [] });
    return { clientId, userId: id };
  }

  by(token: string, path = '/example/scoped', headers: object = {}): Promise<TestReply> {
    return this.app.client({ authorization: `Bearer ${token}`, ...headers }).get(path);
  }
}

/** What has been granted, and by whom it may be ended. */
interface Granted {
  readonly user: TestUser;
  readonly boss: TestUser;
  readonly id: string;
  readonly clientId: string;
}

/** All that ends what a client was granted; each returns when it is acknowledged. */
export const ENDS: Readonly<Record<string, (node: Setting, granted: Granted) => Promise<unknown>>> = {
  logout: (_node, { user }) => user.post('/auth/logout'),
  'logout everywhere': (_node, { user }) => user.post('/auth/logout-all', {}),
  'a ban': (_node, { user, boss }) => boss.post(`/admin/users/${user.userId}/ban`, {}),
  'an admin’s logout': (_node, { user, boss }) => boss.post(`/admin/users/${user.userId}/logout`),
  'a password reset': async ({ app }, { user }) => {
    await app.client().post('/auth/password/forgot', { email: user.email });
    const token = await app.mailedToken(user.email);
    return app.client().post('/auth/password/reset', { token, password: 'another engine weaves algebra' });
  },
  'a deleted account': (_node, { user }) => user.request('DELETE', '/auth/me', { password: user.password }),
  'everyone’s end': (_node, { boss }) => boss.post('/admin/revoke-all', { reason: 'all' }),
  'a withdrawn consent': ({ on }, { user, clientId }) => on.consents.withdraw(user.userId, clientId),
  'an ended grant': ({ on }, { id }) => on.grants.end(id, 'test'),
  'a disabled client': ({ app }, { clientId }) =>
    app.app.get(OAuthClientAdmin, { strict: false }).change(clientId, { disabled: true }, BY_NOBODY),
  'a removed client': ({ app }, { clientId }) =>
    app.app.get(OAuthClientAdmin, { strict: false }).remove(clientId, BY_NOBODY),
};

/** What went on at the nodes while something ended. */
export interface EndUnderLoad {
  /** Of requests that were sent after the end was answered. */
  readonly late: readonly string[];
  /** What each token was told at each node right after. */
  readonly after: readonly (string | number)[];
  readonly asked: number;
}

/** Ends a grant at the first node, while its tokens are used at all of them without a pause. */
export async function endUnderLoad(nodes: readonly Setting[], name: string, senders = 8): Promise<EndUnderLoad> {
  const here = nodes[0]!;
  const clientId = await here.makeClient();
  const boss = await here.app.logIn({ changes: { roles: ['admin'] } });
  const user = await here.app.logIn();
  const id = await here.on.grant(user, clientId);
  const tokens = Array.from({ length: 4 }, () => here.tokens.of(id, clientId, user.userId));
  const everywhere = () =>
    Promise.all(nodes.flatMap((node) => tokens.map(async (token) => told(await node.by(token)))));
  const before = await everywhere();
  if (before.some((one) => one !== 200)) throw new Error(`not accepted at first: ${before}`);
  let answeredAt = Number.POSITIVE_INFINITY;
  let isStopped = false;
  let asked = 0;
  const late: string[] = [];
  const load = Array.from({ length: senders }, async (_, i) => {
    for (let n = i; !isStopped; n += 1) {
      const sentAt = performance.now();
      const outcome = told(await nodes[n % nodes.length]!.by(tokens[n % tokens.length]!));
      asked += 1;
      if (sentAt > answeredAt && outcome === 200) late.push(`node ${n % nodes.length}`);
    }
  });
  const answer = await ENDS[name]!(here, { user, boss, id, clientId }).finally(() => {
    answeredAt = performance.now();
  });
  const after = await everywhere().finally(() => {
    isStopped = true;
  });
  await Promise.all(load);
  const { status = 200, text } = (answer ?? {}) as Partial<TestReply>;
  if (answer === false || status >= 300) throw new Error(`${name} was not done: ${status} ${text}`);
  return { late, after, asked };
}
