import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Rechecks } from '../../src/factors/federated/recheck/rechecks.js';
import type { ActingUser, FakePerson, FakeProvider } from '../../src/testing/index.js';
import { type Exports, runGuideCode } from '../docs/guide-code.js';
import { codeBlocksOf } from '../docs/markdown.js';
import { bootFederatedPages, type FederatedPages, signInWith } from './federated-pages.js';

const GUIDE = 'docs/guides/sign-in-with-others.md';
const CONNECTIONS = codeBlocksOf(GUIDE)
  .filter(({ language }) => language === 'json')
  .map(({ code }) => JSON.parse(code));

describe('the guide on signing in with others', () => {
  let pages: FederatedPages;
  let admin: ActingUser;
  beforeAll(async () => {
    const settings = { isListed: false };
    pages = await bootFederatedPages(
      [
        { slug: 'of-github', provider: { kind: 'github' }, settings },
        { slug: 'of-corp', settings },
      ],
      { sessionIdleSeconds: 30 * 86_400 },
    );
  });
  // Whose login is fresh.
  beforeEach(async () => {
    admin = await pages.app.actAs({ strategy: 'session', roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] });
  });
  afterAll(() => pages?.close());

  it.each(CONNECTIONS.map((one) => [one.kind, one]))(
    'has a connection of the kind %s that is accepted',
    async (_, given) => {
      const reply = await admin.post('/admin/connections', given);
      expect([reply.status, reply.text]).toEqual([201, expect.not.stringContaining('"secret"')]);
      expect(reply.body).toMatchObject({ slug: given.slug, settings: given.settings ?? {} });
      expect((await admin.delete(`/admin/connections/${reply.body.id}`)).status).toBe(204);
    },
  );

  it('names every setting that kinds need, and no other', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const client = { clientId: 'id', clientSecret: key };
    for (const [kind, more] of [
      ['apple', { settings: { teamId: 'ABCDE12345', keyId: 'ABCDE12345' } }],
      ['microsoft', { settings: { tenant: 'organizations' } }],
      ['oidc', { issuer: 'https://login.example.com' }],
    ] as const) {
      const reply = await admin.post('/admin/connections', { slug: `needs-${kind}`, kind, ...client, ...more });
      expect([kind, reply.status]).toEqual([kind, 201]);
      const bare = await admin.post('/admin/connections', { slug: `bare-${kind}`, kind, ...client });
      expect([kind, bare.status]).toEqual([kind, 400]);
      await admin.delete(`/admin/connections/${reply.body.id}`);
    }
  });

  it('signs users of a company in by their address, with the roles that its groups give', async () => {
    const { issuer, clientId, clientSecret } = pages.providers['of-corp']!;
    const corp = CONNECTIONS.find(({ slug }) => slug === 'corp');
    const { body } = await admin.post('/admin/connections', { ...corp, issuer, clientId, clientSecret });
    const domain = { domain: 'corp.example', proof: 'admin' };
    expect((await admin.post(`/admin/connections/${body.id}/domains`, domain)).status).toBe(201);
    const provider = pages.providers['of-corp']!;
    provider.chosen = provider.addPerson({ email: 'eve@corp.example', claims: { groups: ['staff', 'others'] } });
    const user = pages.app.client();
    const begun = await user.post('/auth/login/federated', { email: 'eve@corp.example', returnTo: '/done' });
    const there = await fetch(begun.body.authorizationUrl, { redirect: 'manual' });
    const back = new URL(there.headers.get('location')!);
    expect((await user.get(back.pathname + back.search)).headers.get('location')).toBe('/done');
    expect((await user.get('/auth/me')).body.user).toMatchObject({ email: 'eve@corp.example', roles: ['editor'] });
    const nobody = await user.post('/auth/login/federated', { email: 'eve@sub.corp.example', returnTo: '/done' });
    expect(nobody.body).toEqual({ authorizationUrl: null });
  });

  it('ends the sessions of a GitHub user who has withdrawn the permission there, when it is looked at again', async () => {
    const provider = pages.providers['of-github']!;
    const github = CONNECTIONS.find(({ slug }) => slug === 'github');
    const { issuer: baseUrl, clientId, clientSecret } = provider;
    await admin.post('/admin/connections', {
      ...{ ...github, baseUrl, clientId, clientSecret },
      settings: { jitProvisioning: 'on', vouchesForEmail: true },
    });
    const person = provider.addPerson();
    provider.chosen = person;
    await staysUntilRevoked(provider, person, 'github');
  });

  it('has a provider to test with that does as it says', async () => {
    const { provider, ada, connection, withdraw, stumble, forge }: Exports = await runGuideCode(GUIDE, 'sign-in.ts');
    Object.assign(provider.settings, { clock: pages.app.clock });
    expect((await admin.post('/admin/connections', connection)).status).toBe(201);
    forge();
    expect((await signInWith(pages.visitor(), 'fake')).location).toBe('/sign-in');
    provider.wrong = {};
    stumble();
    expect((await signInWith(pages.visitor(), 'fake')).location).toBe('/sign-in');
    await staysUntilRevoked(provider, ada, 'fake', withdraw);
    await provider.stop();
  });

  async function staysUntilRevoked(
    provider: FakeProvider,
    person: FakePerson,
    slug: string,
    withdraw: () => unknown = () => provider.revoke({ person }),
  ): Promise<void> {
    const visitor = pages.visitor();
    expect((await signInWith(visitor, slug)).location).toBe('/account');
    await afterAnHour();
    expect((await visitor.open('/account')).status).toBe(200);
    withdraw();
    expect((await visitor.open('/account')).status).toBe(200);
    await afterAnHour();
    expect((await visitor.open('/account')).location).toContain('/sign-in');
  }

  /** And 10 %. */
  async function afterAnHour(): Promise<void> {
    pages.app.clock.advance(3960);
    await pages.app.app.get(Rechecks, { strict: false }).settled();
  }

  it('is a file as well', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'coatcheck-guide-'));
    const file = join(folder, 'connections.json');
    writeFileSync(file, JSON.stringify(CONNECTIONS.map((one) => ({ ...one, domains: [`${one.slug}.example`] }))));
    const others = await bootFederatedPages([], { federated: file });
    rmSync(folder, { recursive: true });
    const { html } = await others.visitor().open('/sign-in');
    await others.close();
    for (const label of ['Google', 'GitHub', 'Microsoft', 'GitLab']) expect(html).toContain(`Continue with ${label}`);
    expect(html).not.toContain('Continue with Corp');
    expect(html).toContain('Continue with your company');
  });
});
