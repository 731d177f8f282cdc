import type { ActingUser } from '../../src/testing/index.js';
import { type PageVisitor } from '../pages/page-visitor.js';
import { bootFederatedPages, type FederatedPages, signInWith, throughProvider } from './federated-pages.js';

let pages: FederatedPages;
let admin: PageVisitor & { user: ActingUser };
beforeAll(async () => {
  pages = await bootFederatedPages([{ slug: 'filed', settings: { label: 'Of the file' }, domains: ['file.example'] }]);
  const user = await pages.app.actAs({ strategy: 'session', roles: ['admin'], amr: ['pwd', 'otp', 'mfa'] });
  admin = await pages.as(user);
});
afterAll(() => pages.close());

const SECRET = 'a-secret-that-no-page-shows';
let made = 0;

async function create({ isListed = true, ...fields }: { isListed?: boolean; [field: string]: unknown } = {}) {
  made += 1;
  const { issuer, clientId } = pages.providers.filed!;
  await admin.open('/admin/ui/connections/new');
  const given = {
    kind: 'oidc',
    slug: `made-${made}`,
    issuer,
    baseUrl: '',
    clientId,
    clientSecret: SECRET,
    label: `Made ${made}`,
  };
  const texts = { ...EMPTY, ...given, vouchesForEmail: 'nothing', ...(isListed && { isListed: 'on' }), ...fields };
  return { slug: given.slug, reply: await admin.submit(texts as Record<string, string>, '/admin/ui/connections/new') };
}

const EMPTY = Object.fromEntries(
  ['vouchedDomains', 'enforcedExcept', 'scopes', 'roleClaim', 'roles', 'maxAgeSeconds', 'other'].map((field) => [
    field,
    '',
  ]),
);

describe('the page of connections', () => {
  it('lists those of the file and of the table, and shows what to register', async () => {
    const { slug, reply } = await create();
    expect(reply.status).toBe(303);
    const { html } = await admin.follow(reply);
    expect(html).toContain(`${pages.url}/auth/federated/${slug}/callback`);
    const list = (await admin.open('/admin/ui/connections')).html;
    for (const shown of ['Of the file', `Made ${made}`, 'file.example']) expect(list).toContain(shown);
    expect((await pages.visitor().open('/sign-in')).html).toContain(`Continue with Made ${made}`);
  });

  it('shows a secret nowhere, and keeps it where none is typed', async () => {
    const { reply } = await create();
    const path = reply.location!;
    const shown = await admin.follow(reply);
    expect(shown.html).toContain('stored encrypted');
    const form = { ...EMPTY, clientId: 'another', clientSecret: '', label: 'Renamed', vouchesForEmail: 'nothing' };
    const answer = await admin.submit(form, path);
    expect([answer.status, answer.location]).toEqual([303, path]);
    const saved = await admin.follow(answer);
    expect(saved.html).toContain('Renamed');
    expect(saved.html).toContain('stored encrypted');
    for (const { html } of [
      shown,
      saved,
      await admin.open('/admin/ui/connections'),
      await admin.open('/admin/ui/audit'),
    ])
      expect(html).not.toContain(SECRET);
  });

  it('says what is wrong beside the form, and shows the secret not again', async () => {
    const { reply } = await create({ issuer: 'no address', slug: 'UPPER', other: '{', roles: '' });
    expect(reply.status).toBe(400);
    expect(reply.html).toContain('Settings of its kind: It must be a JSON object.');
    const second = await create({ issuer: 'no address', other: '{"tenant":1}' });
    expect(second.reply.status).toBe(400);
    for (const line of ['Issuer: ', 'Settings of its kind: ']) expect(second.reply.html).toContain(line);
    expect(reply.html + second.reply.html).not.toContain(SECRET);
  });

  it('takes every setting, and shows each as it was given', async () => {
    const given = {
      jitProvisioning: 'on',
      vouchesForEmail: 'domains',
      vouchedDomains: 'one.example\ntwo.example',
      trustsMfa: 'on',
      trustsNewLogin: 'on',
      rolesAtLogin: 'on',
      scopes: 'openid email',
      roleClaim: 'groups',
      roles: 'staff = editor\na=b = viewer',
      maxAgeSeconds: '28800',
      other: '{"prompt":"login"}',
    };
    const { reply } = await create(given);
    const { html } = await admin.follow(reply);
    expect(html).toContain('>one.example\ntwo.example</textarea>');
    for (const line of ['staff = editor', 'a=b = viewer']) expect(html).toContain(line);
    expect(html).toContain('value="28800"');
    expect(html).toContain('value="openid email"');
    for (const box of ['trustsMfa', 'trustsNewLogin', 'rolesAtLogin'])
      expect(html).toMatch(new RegExp(`id="${box}"[^>]* checked`));
    const { body } = await admin.user.get(`/admin/connections/${reply.location!.split('/').at(-1)}`);
    expect(body.settings).toMatchObject({
      jitProvisioning: 'on',
      vouchesForEmail: ['one.example', 'two.example'],
      roles: { claim: 'groups', map: { staff: 'editor', 'a=b': 'viewer' }, when: 'login' },
      trustsNewLogin: true,
      maxAgeSeconds: 28_800,
      prompt: 'login',
    });
  });

  it('adds a domain by the admin’s word, to which addresses lead then, and removes it', async () => {
    const { reply } = await create({ isListed: false });
    await admin.follow(reply);
    const path = `${reply.location}/domains`;
    const added = await admin.follow(await admin.submit({ domain: 'word.example', proof: 'admin' }, path));
    expect(added.html).toContain('word.example');
    expect(added.html).toContain('The domain is proven.');
    const visitor = pages.visitor();
    await visitor.open('/sign-in/federated');
    expect((await visitor.submit({ email: 'x@word.example' })).headers.get('refresh')).toContain('/authorize?');
    const removed = await admin.follow(await admin.submit({ domain: 'word.example' }, `${path}/remove`));
    expect(removed.html).toContain('The domain was removed.');
    await visitor.open('/sign-in/federated');
    expect((await visitor.submit({ email: 'x@word.example' })).status).toBe(400);
  });

  it('says beside the form what is no domain', async () => {
    const { reply } = await create();
    await admin.follow(reply);
    const refused = await admin.submit({ domain: 'nodomain', proof: 'admin' }, `${reply.location}/domains`);
    expect([refused.status, refused.html.includes('This is no whole domain.')]).toEqual([400, true]);
  });

  it('switches a connection off and on, and deletes it, after it has said what ends', async () => {
    const provider = pages.providers.filed!;
    const { slug, reply } = await create({
      jitProvisioning: 'on',
      vouchesForEmail: 'everything',
      clientSecret: provider.clientSecret,
    });
    const path = reply.location!;
    provider.chosen = provider.addPerson();
    const user = pages.visitor();
    expect((await signInWith(user, slug)).location).toBe('/account');
    expect((await admin.open(`${path}/disable`)).html).toContain('1 linked login');
    const off = await admin.follow(await admin.submit({}, `${path}/disable`));
    expect(off.html).toContain('switched off');
    expect((await user.open('/account')).location).toContain('/sign-in');
    expect((await pages.visitor().open('/sign-in')).html).not.toContain(`value="${slug}"`);
    await admin.open(`${path}/enable`);
    expect((await admin.submit({}, `${path}/enable`)).status).toBe(303);
    expect((await pages.visitor().open('/sign-in')).html).toContain(`value="${slug}"`);
    await admin.open(`${path}/delete`);
    expect((await admin.submit({}, `${path}/delete`)).location).toBe('/admin/ui/connections');
    expect((await admin.open(path)).status).toBe(404);
  });

  it('changes nothing of the file', async () => {
    const path = '/admin/ui/connections/file%3Afiled';
    const { html } = await admin.open(path);
    expect(html).toContain('defined in the configuration');
    expect(html).not.toContain('id="save"');
    const { hidden } = admin.form('/sign-out');
    const refused = await admin.send('POST', `${path}/disable`, hidden);
    expect(refused.status).toBe(409);
    expect((await pages.visitor().open('/sign-in')).html).toContain('value="filed"');
  });

  it('opens to admins alone, and asks for a fresh proof before it changes anything but to switch off', async () => {
    const user = await pages.as();
    for (const path of ['', '/new', '/file%3Afiled']) {
      expect((await user.open(`/admin/ui/connections${path}`)).status).toBe(403);
      expect((await pages.visitor().open(`/admin/ui/connections${path}`)).location).toContain('/sign-in');
    }
    const { reply } = await create();
    const path = reply.location!;
    await admin.follow(reply);
    const edit = admin.form(path).hidden;
    pages.app.clock.advance(3600);
    expect((await admin.open('/admin/ui/connections/new')).location).toContain('/confirm');
    const form = { ...EMPTY, ...edit, clientId: 'x', clientSecret: '', label: '', vouchesForEmail: 'nothing' };
    expect((await admin.send('POST', path, form)).location).toContain('/confirm');
    expect((await admin.send('POST', `${path}/delete`, edit)).location).toContain('/confirm');
    expect((await admin.send('POST', `${path}/disable`, edit)).location).toBe(path);
  });
});

it('an admin sees the linked logins of a user', async () => {
  const provider = pages.providers.filed!;
  const user = await pages.as();
  provider.chosen = provider.addPerson({ email: 'linked@elsewhere.example' });
  await user.open('/account/identities');
  await throughProvider(user, await user.submit({ place: 'filed' }, '/account/identities/link'));
  const { html } = await admin.open(`/admin/ui/users/${user.user.userId}/identities`);
  expect(html).toContain('linked@elsewhere.example');
  expect(html).toContain('Of the file');
});
