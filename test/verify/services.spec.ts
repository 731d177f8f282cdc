import { type AuthTestApp, TestClient, type TestUser } from '../../src/testing/index.js';
import { createVerifier, type Verifier } from '../../src/verify/index.js';
import { overStores } from '../flows/combinations.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { verifyKey } from '../followers/raw-follower.js';
import { HOSTS, type Host } from './hosts.js';

const RUN = { authStrategies: ['session', 'jwt', 'api-key'] as const, mailPollSeconds: 3600 };

/** The service, one verifier, and what it sends to the service, counted. */
class Setting {
  calls: string[] = [];
  host!: Host;

  private constructor(
    readonly app: AuthTestApp,
    readonly admin: TestUser,
    readonly verifier: Verifier,
  ) {}

  static async start(options: object): Promise<Setting> {
    return Setting.at(await bootWithMadeUsers({ ...RUN, ...options }));
  }

  /** Another verifier of this service. */
  static async at(app: AuthTestApp): Promise<Setting> {
    const { key, admin } = await verifyKey(app);
    const calls: string[] = [];
    const counting: typeof fetch = (input, init) => {
      calls.push(`${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`);
      return fetch(input, init);
    };
    const verifier = createVerifier({
      url: app.url,
      credential: key,
      fetch: counting,
      log: () => undefined,
    });
    const setting = new Setting(app, admin, verifier);
    setting.calls = calls;
    await verifier.ready();
    return setting;
  }

  get lookUps(): number {
    return this.calls.filter((call) => call.endsWith('/look-ups')).length;
  }

  logIn(changes: object = {}): Promise<TestUser> {
    return this.app.logIn({ strategy: 'jwt', transport: 'body', ...changes });
  }

  /** `200`, or the code of the refusal, at the other service. */
  async at(path: string, headers: Record<string, string> = {}): Promise<number | string> {
    const { status, body } = await new TestClient(this.host.url).get(path, headers);
    return status === 200 ? 200 : `${status} ${body.code}`;
  }

  async stop(): Promise<void> {
    await this.verifier.close();
    await this.app.close();
  }
}

const ticket = (user: TestUser) => ({ authorization: user.defaults.authorization! });

let app: AuthTestApp;
beforeAll(async () => {
  app = await bootWithMadeUsers(RUN);
});
afterAll(() => app.close());

describe.each(HOSTS)('a service on %s', (_name, startHost) => {
  let setting: Setting;
  beforeAll(async () => {
    setting = await Setting.at(app);
    setting.host = await startHost(setting.verifier);
  });
  afterAll(async () => {
    await setting.host.stop();
    await setting.verifier.close();
  });

  it('lets a logged-in user in, names the user, and makes no call in steady state', async () => {
    const user = await setting.logIn();
    const client = new TestClient(setting.host.url, ticket(user));
    expect((await client.get('/me')).body).toEqual({ by: 'session', userId: user.userId });
    const before = setting.lookUps;
    for (let i = 0; i < 20; i += 1) expect((await client.get('/me')).status).toBe(200);
    expect(setting.lookUps).toBe(before);
  });

  it('refuses as the service itself does: problem details, with a challenge', async () => {
    const { status, body, headers } = await new TestClient(setting.host.url).get('/me', { 'x-request-id': 'abc-1' });
    expect(status).toBe(401);
    expect(body).toMatchObject({ code: 'unauthenticated', status: 401, requestId: 'abc-1' });
    expect(body.type).toBe('urn:coatcheck:problem:unauthenticated');
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="coatcheck"');
    expect(headers.get('cache-control')).toBe('no-store');
    const wrong = await new TestClient(setting.host.url).get('/me', { authorization: 'Bearer a.b.c' });
    expect(wrong.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('refuses a ticket from the moment its logout is answered', async () => {
    for (let round = 0; round < 5; round += 1) {
      const user = await setting.logIn();
      expect(await setting.at('/me', ticket(user))).toBe(200);
      expect((await user.post('/auth/logout')).status).toBe(204);
      expect(await setting.at('/me', ticket(user))).toBe('401 session_ended');
    }
  });

  it('refuses the tickets of a user who was banned', async () => {
    const user = await setting.logIn();
    expect(await setting.at('/me', ticket(user))).toBe(200);
    expect((await setting.admin.post(`/admin/users/${user.userId}/ban`, {})).status).toBeLessThan(300);
    expect(await setting.at('/me', ticket(user))).toBe('401 session_ended');
  });

  it('refuses a token from before a change of roles as expired, and knows the new roles', async () => {
    const user = await setting.logIn();
    expect(await setting.at('/admin', ticket(user))).toBe('403 forbidden');
    const changed = await setting.admin.put(`/admin/users/${user.userId}/roles`, { roles: ['admin'] });
    expect(changed.status).toBeLessThan(300);
    expect(await setting.at('/admin', ticket(user))).toBe('401 token_expired');
    const { accessToken } = (await user.post('/auth/refresh', { refreshToken: user.refreshToken })).body;
    expect(await setting.at('/admin', { authorization: `Bearer ${accessToken}` })).toBe(200);
  });

  it('lets an API key in only where its scopes are asked for, and not after it was revoked', async () => {
    const user = await setting.logIn();
    const made = await user.post('/auth/api-keys', { name: 'export', scopes: ['orders:read'] });
    const { id, apiKey } = made.body;
    const none = (await user.post('/auth/api-keys', { name: 'none', scopes: [] })).body.apiKey;
    const key = { authorization: `Bearer ${apiKey}` };
    expect(await setting.at('/orders', key)).toBe(200);
    expect(await setting.at('/orders', { 'x-api-key': apiKey })).toBe(200);
    expect(await setting.at('/orders', { 'x-api-key': none })).toBe('403 forbidden');
    expect(await setting.at('/me', key)).toBe('403 forbidden');
    const before = setting.lookUps;
    for (let i = 0; i < 10; i += 1) expect(await setting.at('/orders', key)).toBe(200);
    expect(setting.lookUps).toBe(before);
    expect((await user.delete(`/auth/api-keys/${id}`)).status).toBe(204);
    expect(await setting.at('/orders', key)).toBe('401 unauthenticated');
  });

  it('says which scope is missing', async () => {
    const user = await setting.logIn();
    const { apiKey } = (await user.post('/auth/api-keys', { name: 'none', scopes: [] })).body;
    const { headers } = await new TestClient(setting.host.url).get('/orders', { 'x-api-key': apiKey });
    expect(headers.get('www-authenticate')).toBe(
      'Bearer realm="coatcheck", error="insufficient_scope", scope="orders:read"',
    );
  });

  it('lets a request without a ticket in where none is required, and names no caller there', async () => {
    const { body } = await new TestClient(setting.host.url).get('/open');
    expect(body).toEqual({ by: null, userId: null });
  });

  it('goes on with the keys that a rotation has put in the place of all others', async () => {
    const user = await setting.logIn();
    expect(await setting.at('/me', ticket(user))).toBe(200);
    expect((await setting.admin.post('/admin/keys/rotate', { now: true })).status).toBe(204);
    expect(await setting.at('/me', ticket(user))).toBe('401 token_expired');
    const again = await setting.app.logInAgain({ ...user, strategy: 'jwt', transport: 'body' });
    expect(await setting.at('/me', ticket(again))).toBe(200);
  });
});

overStores((sessionStore) => {
  let setting: Setting;
  beforeAll(async () => {
    setting = await Setting.start({ sessionStore });
    const [, start] = HOSTS[0]!;
    setting.host = await start(setting.verifier);
  });
  afterAll(async () => {
    await setting.host.stop();
    await setting.stop();
  });

  it('follows, and an acknowledged logout holds for other services too, under load', async () => {
    expect(setting.verifier.status().isFollowing).toBe(true);
    const users = await Promise.all(Array.from({ length: 10 }, () => setting.logIn()));
    const wrong: unknown[] = [];
    await Promise.all(
      users.map(async (user) => {
        for (let i = 0; i < 10; i += 1) if ((await setting.at('/me', ticket(user))) !== 200) wrong.push('refused');
        const asking = Array.from({ length: 5 }, () => setting.at('/me', ticket(user)));
        await user.post('/auth/logout');
        const after = await Promise.all(Array.from({ length: 5 }, () => setting.at('/me', ticket(user))));
        wrong.push(...after.filter((outcome) => outcome !== '401 session_ended'));
        await Promise.all(asking);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('says 503 while the service is out of reach, and never lets a request in', async () => {
    const other = await Setting.start({ sessionStore });
    const [, start] = HOSTS[2]!;
    other.host = await start(other.verifier);
    const user = await other.logIn();
    expect(await other.at('/me', ticket(user))).toBe(200);
    await other.app.close();
    expect(await other.at('/me', ticket(user))).toBe('503 unavailable');
    await other.verifier.close();
    await other.host.stop();
  });
});
