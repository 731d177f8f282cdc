import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootService, overStores } from '../flows/combinations.js';
import { RawFollower, type VerifyKey, verifyKey } from './raw-follower.js';

overStores((sessionStore) => {
  let app: AuthTestApp;
  let verifier: VerifyKey;
  beforeAll(async () => {
    app = await bootService({ sessionStore, authStrategies: ['session', 'jwt', 'api-key'] });
    verifier = await verifyKey(app);
  });
  afterAll(() => app.close());

  const follow = (body?: object) => RawFollower.open(app.url, verifier.key, body);

  it('tells the lease first, and then every revocation in order', async () => {
    const follower = await follow({ name: 'orders-1' });
    expect(follower.headers.get('content-type')).toBe('application/x-ndjson');
    expect(follower.lease).toMatchObject({ version: 1, follows: true, mode: 'acknowledged', leaseSeconds: 3 });
    const user = await app.logIn({ strategy: 'jwt', transport: 'body' });
    const out = user.post('/auth/logout');
    const line = await follower.until(({ type }) => type === 'revoked');
    expect(line).toMatchObject({ seq: follower.lease.head + 1 });
    expect((await follower.put(follower.applied, false)).status).toBe(200);
    await out;
    follower.hangUp();
  });

  it('judges an access token, and an API key, as the service itself does', async () => {
    const follower = await follow();
    const user = await app.logIn({ strategy: 'jwt', transport: 'body' });
    const { body: verdict } = await follower.lookUp({ ticket: tokenOf(user), applied: follower.applied });
    const me = (await user.get('/auth/me')).body;
    expect(verdict).toMatchObject({
      accepted: true,
      by: 'session',
      strategy: 'jwt',
      user: me.user,
      keep: true,
      revision: 1,
    });
    follower.hangUp();
  });
});

function tokenOf(user: TestUser): string {
  return user.defaults.authorization!.replace('Bearer ', '');
}
