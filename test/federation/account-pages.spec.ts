import { setUpTotp } from '../flows/authenticator-app.js';
import type { PageVisitor } from '../pages/page-visitor.js';
import { bootFederatedPages, type FederatedPages, leadsTo, signInWith, throughProvider } from './federated-pages.js';

let pages: FederatedPages;
beforeAll(async () => {
  pages = await bootFederatedPages([
    { slug: 'acme', settings: { label: 'Acme', jitProvisioning: 'on', vouchesForEmail: true } },
    { slug: 'other', settings: { label: 'Other' } },
  ]);
});
afterAll(() => pages.close());

const acme = () => pages.providers.acme!;

/** Signs a user up at the provider and here: without a password. */
async function newcomer(): Promise<{ visitor: PageVisitor; email: string }> {
  const person = acme().addPerson();
  acme().chosen = person;
  const visitor = pages.visitor();
  const back = await signInWith(visitor, 'acme');
  expect(back.location).toBe('/account');
  return { visitor, email: person.email! };
}

async function linked(visitor: PageVisitor, place = 'acme') {
  await visitor.open('/account/identities');
  return throughProvider(visitor, await visitor.submit({ place }, '/account/identities/link'));
}

describe('the page of linked logins', () => {
  it('links a login at a provider, by a new login there, and shows it', async () => {
    const visitor = await pages.as();
    acme().chosen = acme().addPerson({ email: 'elsewhere@acme.example' });
    expect((await visitor.open('/account/identities')).html).toContain('No login elsewhere is linked');
    const leaving = await visitor.submit({ place: 'acme' }, '/account/identities/link');
    const asked = leadsTo(leaving).searchParams;
    expect([asked.get('prompt'), asked.get('max_age')]).toEqual(['login', '0']);
    const back = await throughProvider(visitor, leaving);
    expect(back.location).toBe('/account/identities');
    const { html } = await visitor.follow(back);
    expect(html).toContain('The login is linked.');
    expect(html).toContain('elsewhere@acme.example');
    expect((await signInWith(pages.visitor(), 'acme')).location).toBe('/account');
  });

  it('links nothing that is linked to another user', async () => {
    const person = acme().addPerson();
    acme().chosen = person;
    await linked(await pages.as());
    const other = await pages.as();
    const { html } = await other.follow(await linked(other));
    expect(html).toContain('The login was not linked.');
    expect(html).not.toContain(person.email);
  });

  it('asks for a fresh proof before it links, with the second factor of a user who has one', async () => {
    const visitor = await pages.as();
    await visitor.open('/account/identities');
    pages.app.clock.advance(3600);
    expect((await visitor.submit({ place: 'acme' }, '/account/identities/link')).location).toBe('/confirm');
    const user = await pages.app.logIn({ strategy: 'session' });
    await setUpTotp(pages.app, user);
    expect((await user.post('/auth/step-up', { password: user.password })).status).toBe(200);
    const weak = await pages.as(user);
    await weak.open('/account/identities');
    expect((await weak.submit({ place: 'acme' }, '/account/identities/link')).location).toBe('/confirm');
    const reply = await user.post('/auth/identities', { connection: 'acme', returnTo: '/' });
    expect([reply.status, reply.body.code]).toEqual([403, 'step_up_required']);
  });

  it('unlinks after it has said what that means', async () => {
    const visitor = await pages.as();
    acme().chosen = acme().addPerson();
    await linked(visitor);
    const { html } = await visitor.open('/account/identities');
    const path = /href="(\/account\/identities\/[\w-]+\/unlink)"/.exec(html)![1]!;
    expect((await visitor.open(path)).html).toContain('You can no longer sign in with Acme.');
    const done = await visitor.follow(await visitor.submit({}, path));
    expect(done.html).toContain('The login is no longer linked.');
    expect(done.html).toContain('No login elsewhere is linked');
    const back = await signInWith(pages.visitor(), 'acme');
    expect(back.location).toBe('/account');
    expect((await visitor.open(path)).status).toBe(404);
  });

  it('says that it signs out sessions that rest on the unlinked login, and does', async () => {
    const { visitor } = await newcomer();
    acme().chosen = acme().addPerson();
    // They are listed by age.
    pages.app.clock.advance(1);
    await linked(visitor);
    const { html } = await visitor.open('/account/identities');
    const path = /href="(\/account\/identities\/[\w-]+\/unlink)"/.exec(html)![1]!;
    expect((await visitor.open(path)).html).toContain('so this session ends as well');
    const done = await visitor.submit({}, path);
    expect(done.location).toBe('/sign-in');
    expect((await visitor.follow(done)).html).toContain('you are signed out');
    expect((await visitor.open('/account')).location).toContain('/sign-in');
  });

  it('refuses to unlink the last way in, in a clear sentence', async () => {
    const { visitor } = await newcomer();
    const { html } = await visitor.open('/account/identities');
    const path = /href="(\/account\/identities\/[\w-]+\/unlink)"/.exec(html)![1]!;
    await visitor.open(path);
    const refused = await visitor.submit({}, path);
    expect(refused.status).toBe(409);
    expect(refused.html).toContain('This is your only way to sign in');
    expect((await visitor.open('/account/identities')).html).toContain('Unlink Acme');
  });

  it('shows no logins of another user, and unlinks none', async () => {
    const owner = await pages.as();
    acme().chosen = acme().addPerson();
    await linked(owner);
    const path = /href="(\/account\/identities\/[\w-]+\/unlink)"/.exec(
      (await owner.open('/account/identities')).html,
    )![1]!;
    const thief = await pages.as();
    expect((await thief.open(path)).status).toBe(404);
    await thief.open('/account/identities');
    const { hidden } = thief.form('/account/identities/link');
    expect((await thief.send('POST', path, hidden)).status).toBe(404);
    expect((await owner.open('/account/identities')).html).toContain('Unlink Acme');
  });
});

describe('a user without a password', () => {
  it('confirms at the provider, by a new login there, and goes on where it was', async () => {
    const { visitor } = await newcomer();
    pages.app.clock.advance(3600);
    const asked = await visitor.open('/account/identities');
    const path = /href="(\/account\/identities\/[\w-]+\/unlink)"/.exec(asked.html)![1]!;
    const confirm = await visitor.follow(await visitor.open(path));
    expect(confirm.html).toContain('Confirm with Acme');
    expect(confirm.html).not.toContain('type="password"');
    const leaving = await visitor.submit({ place: 'acme' }, '/confirm/federated');
    expect(leadsTo(leaving).searchParams.get('prompt')).toBe('login');
    const back = await throughProvider(visitor, leaving);
    expect(back.location).toBe(path);
    expect((await visitor.follow(back)).html).toContain('You can no longer sign in with Acme.');
  });

  it('confirms nothing by another person’s login there', async () => {
    const { visitor } = await newcomer();
    pages.app.clock.advance(3600);
    const sessions = await visitor.open('/confirm?return=%2Faccount%2Flog');
    expect(sessions.status).toBe(200);
    const leaving = await visitor.submit({ place: 'acme' }, '/confirm/federated');
    acme().chosen = acme().addPerson();
    const back = await throughProvider(visitor, leaving);
    expect(back.location).toBe('/confirm?return=%2Faccount%2Flog');
    expect((await visitor.follow(back)).html).toContain('<p class="problem" role="alert">The login with the provider');
  });

  it('is told how to set one', async () => {
    const { visitor } = await newcomer();
    const { html } = await visitor.open('/account/password');
    expect(html).toContain('You have no password');
    expect(html).toContain('href="/forgot"');
    expect(html).not.toContain('type="password"');
  });
});
