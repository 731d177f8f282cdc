import { Rechecks } from '../../src/factors/federated/recheck/rechecks.js';
import type { AuthTestApp, TestClient } from '../../src/testing/index.js';
import { bootPages, type PagesUnderTest } from '../pages/boot-pages.js';
import type { PageVisitor } from '../pages/page-visitor.js';
import { hasLemonldap, LEMONLDAP_CLIENT, Lemonldap } from './lemonldap.js';

const SLUG = 'lemonldap';
const RECHECK_SECONDS = 60;

(hasLemonldap() ? describe : describe.skip)('LemonLDAP::NG as outside provider', () => {
  let pages: PagesUnderTest;
  let app: AuthTestApp;
  let provider: Lemonldap;
  beforeAll(async () => {
    pages = await bootPages({ federatedRecheckSeconds: RECHECK_SECONDS });
    app = pages.app;
    provider = await Lemonldap.start(`${pages.url}/auth/federated/${SLUG}/callback`);
    const admin = await app.actAs({ strategy: 'session', roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] });
    const { issuer } = provider;
    const settings = { jitProvisioning: 'on', vouchesForEmail: true, isListed: true, label: 'The company' };
    const made = await admin.post('/admin/connections', {
      slug: SLUG,
      kind: 'oidc',
      issuer,
      ...LEMONLDAP_CLIENT,
      settings,
    });
    expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  });
  afterAll(() => Promise.all([provider?.close(), pages?.close()]));

  async function signedIn(user: string): Promise<{ client: TestClient; there: PageVisitor }> {
    const client = app.client();
    const begun = await client.post('/auth/login/federated', { connection: SLUG, returnTo: '/done' });
    const { callback, browser } = await provider.signIn(new URL(begun.body.authorizationUrl), user);
    const back = await client.get(callback.pathname + callback.search);
    expect([back.status, back.headers.get('location')]).toEqual([303, '/done']);
    return { client, there: browser };
  }

  it('signs its users in, each as one user, who is the same the next time', async () => {
    const ids: string[] = [];
    for (const name of ['rtyler', 'dwho', 'rtyler']) {
      const { client } = await signedIn(name);
      const { body } = await client.get('/auth/me');
      expect(body.user).toMatchObject({ email: `${name}@badwolf.org`, emailVerified: true });
      ids.push(body.user.id);
    }
    expect(ids[2]).toBe(ids[0]);
    expect(ids[1]).not.toBe(ids[0]);
  });

  it('is asked again whether a login stands, and ends the session once it was ended there', async () => {
    const { client, there } = await signedIn('msmith');
    const lookedAt = async () => {
      app.clock.advance(RECHECK_SECONDS * 1.2);
      await app.app.get(Rechecks, { strict: false }).settled();
      return (await client.get('/auth/me')).status;
    };
    expect([await lookedAt(), await lookedAt()]).toEqual([200, 200]);
    await there.send('GET', '/?logout=1');
    expect(await lookedAt()).toBe(401);
  });
});
