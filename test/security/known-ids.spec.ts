import { randomUUID } from 'node:crypto';
import { mintApiKey } from '../../src/strategies/api-key/api-key.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { StoreCalls, UNDISTURBED } from '../flows/counting-providers.js';
import { bootWithMadeUsers } from '../flows/made-users.js';

const COOKIE = 'session';

describe('a wrong secret', () => {
  const calls = new StoreCalls();
  let app: AuthTestApp;
  let user: TestUser;
  beforeAll(async () => {
    const late = { ...UNDISTURBED, apiKeyUsageSeconds: 3600 };
    app = await bootWithMadeUsers({ authStrategies: ['session', 'api-key'], ...late }, calls.providers);
    calls.watch(app);
    user = await app.logIn();
  });
  afterAll(() => app.close());

  const sessionOf = (id: string, secret: string) => {
    const client = app.client();
    client.setCookie(COOKIE, `${id}.${secret}`);
    return client;
  };

  it('costs the stores as much with the id of a live session as with no id at all', async () => {
    const [id, secret] = user.cookie(COOKIE)!.split('.') as [string, string];
    const wrong = `${secret.slice(0, -2)}${secret.endsWith('AA') ? 'BB' : 'AA'}`;
    await user.get('/auth/me');
    const costOf = (client: TestUser | ReturnType<typeof app.client>, status: number) =>
      calls.during(async () => expect((await client.get('/auth/me')).status).toBe(status));
    expect(await costOf(user, 200)).toBe(0);
    const unknown = await costOf(sessionOf(randomUUID(), wrong), 401);
    expect(unknown).toBeGreaterThan(0);
    expect(await costOf(sessionOf(id, wrong), 401)).toBe(unknown);
    expect(await costOf(user, 200)).toBe(0);
  });

  it('costs the stores as much with the prefix of a live key as with no key at all', async () => {
    const { apiKey } = (await user.post('/auth/api-keys', { name: 'export', scopes: ['example:read'] })).body;
    await app.mails();
    const keyOf = (id: string) => mintApiKey(id).apiKey;
    const costOf = (key: string, status: number) =>
      calls.during(async () => {
        const reply = await app.client({ 'x-api-key': key }).get('/example/scoped');
        expect(reply.status).toBe(status);
      });
    await costOf(apiKey, 200);
    expect(await costOf(apiKey, 200)).toBe(0);
    const id = /^cck_([0-9a-f]{32})/.exec(apiKey)![1]!;
    const dashed = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    const unknown = await costOf(keyOf(randomUUID()), 401);
    expect(unknown).toBeGreaterThan(0);
    expect(await costOf(keyOf(dashed), 401)).toBe(unknown);
    expect(await costOf(apiKey, 200)).toBe(0);
  });
});
