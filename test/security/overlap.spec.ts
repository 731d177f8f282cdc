import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootWithMadeUsers } from '../flows/made-users.js';

describe('a rotated key, in its overlap', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session', 'api-key'] });
  });
  afterAll(() => app.close());

  const statusOf = async (apiKey: string) => (await app.client({ 'x-api-key': apiKey }).get('/example/scoped')).status;
  const rotated = async (user: TestUser) => {
    const first = (await user.post('/auth/api-keys', { name: 'export', scopes: ['example:read'] })).body;
    app.clock.advance(1);
    const second = (await user.post(`/auth/api-keys/${first.id}/rotate`, { overlapSeconds: 3600 })).body;
    expect([await statusOf(first.apiKey), await statusOf(second.apiKey)]).toEqual([200, 200]);
    return { first, second };
  };

  it('ends with its successor', async () => {
    const user = await app.logIn();
    const { first, second } = await rotated(user);
    app.clock.advance(1);
    const third = (await user.post(`/auth/api-keys/${second.id}/rotate`, { overlapSeconds: 3600 })).body;
    expect((await user.delete(`/auth/api-keys/${second.id}`)).status).toBe(204);
    expect(await Promise.all([first, second, third].map(({ apiKey }) => statusOf(apiKey)))).toEqual([401, 401, 200]);
    expect((await user.delete(`/auth/api-keys/${third.id}`)).status).toBe(204);
    expect((await user.get('/auth/api-keys')).body.apiKeys).toEqual([]);
  });

  it('ends alone, and leaves its successor', async () => {
    const user = await app.logIn();
    const { first, second } = await rotated(user);
    expect((await user.delete(`/auth/api-keys/${first.id}`)).status).toBe(204);
    expect([await statusOf(first.apiKey), await statusOf(second.apiKey)]).toEqual([401, 200]);
  });

  it('ends when its owner changes the password, which its successor outlives', async () => {
    const user = await app.logIn();
    const { first, second } = await rotated(user);
    const change = { currentPassword: user.password, newPassword: 'nine quiet otters swim' };
    expect((await user.post('/auth/password/change', change)).status).toBe(204);
    expect([await statusOf(first.apiKey), await statusOf(second.apiKey)]).toEqual([401, 200]);
  });

  it('ends when its owner resets the password', async () => {
    const user = await app.logIn();
    const { first, second } = await rotated(user);
    await app.client().post('/auth/password/forgot', { email: user.email });
    const reset = { token: await app.mailedToken(user.email), password: 'nine loud otters swim' };
    expect((await app.client().post('/auth/password/reset', reset)).status).toBe(204);
    expect([await statusOf(first.apiKey), await statusOf(second.apiKey)]).toEqual([401, 200]);
  });
});
