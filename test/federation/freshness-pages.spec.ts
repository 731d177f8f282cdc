import type { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import { codeAt } from '../flows/authenticator-app.js';
import { bootFederatedPages, type FederatedPages, leadsTo, signInWith, throughProvider } from './federated-pages.js';

const HOUR = 3600;
const settings = { jitProvisioning: 'on', vouchesForEmail: true };

let pages: FederatedPages;
beforeAll(async () => {
  pages = await bootFederatedPages(
    [
      { slug: 'acme', settings: { label: 'Acme', ...settings } },
      { slug: 'trusted', settings: { label: 'Trusted', ...settings, trustsNewLogin: true } },
    ],
    { secondFactorRoles: ['staff'] },
  );
});
afterAll(() => pages.close());

const acme = () => pages.providers.acme!;

beforeEach(() => {
  acme().wrong = {};
  acme().loggedInAt = undefined;
  acme().chosen = acme().addPerson();
});

/** As browsers say it. */
const from = (path: string) => ({ referer: `${pages.url}${path}` });

/** A person who has signed in before does so again, by single sign-on. */
async function returned() {
  await signInWith(pages.visitor(), 'acme');
  acme().loggedInAt = pages.app.clock.in(-HOUR);
  const visitor = pages.visitor();
  return { visitor, back: await signInWith(visitor, 'acme') };
}

describe('the pages after a login elsewhere that was no new one', () => {
  it('ask for a new one before a sensitive change, and go on where it was', async () => {
    const { visitor } = await returned();
    await visitor.open('/account/identities');
    const asked = await visitor.submit({ place: 'trusted' }, '/account/identities/link', from('/account/identities'));
    expect(asked.location).toBe('/confirm?return=%2Faccount%2Fidentities');
    const confirm = await visitor.follow(asked);
    expect(confirm.html).toContain('Confirm with Acme');
    const leaving = await visitor.submit({ place: 'acme' }, '/confirm/federated');
    expect(leadsTo(leaving).searchParams.get('prompt')).toBe('login');
    expect((await throughProvider(visitor, leaving)).location).toBe('/account/identities');
    await visitor.open('/account/identities');
    expect((await visitor.submit({ place: 'trusted' }, '/account/identities/link')).status).toBe(200);
  });

  it('say what to do when the provider did not say that it was new', async () => {
    const { visitor } = await returned();
    acme().wrong = { idToken: { claims: { auth_time: undefined } } };
    await visitor.open('/confirm');
    const back = await throughProvider(visitor, await visitor.submit({ place: 'acme' }, '/confirm/federated'));
    expect(back.location).toBe('/confirm');
    expect((await visitor.follow(back)).html).toContain('did not say that you have just signed in there');
  });

  it('lead a user who must set up a second factor through the confirmation and back', async () => {
    const email = (acme().chosen as { email: string }).email;
    await signInWith(pages.visitor(), 'acme');
    await pages.app.app
      .get<DataSource>(AUTH_DATA_SOURCE, { strict: false })
      .query(`UPDATE coatcheck.users SET roles = '{staff}' WHERE email = $1`, [email]);
    acme().loggedInAt = pages.app.clock.in(-HOUR);
    const visitor = pages.visitor();
    expect((await signInWith(visitor, 'acme')).location).toBe('/sign-in/enrol');
    await visitor.open('/sign-in/enrol/totp');
    const asked = await visitor.submit({}, '/sign-in/enrol/totp', from('/sign-in/enrol/totp'));
    expect(asked.location).toBe('/confirm?return=%2Fsign-in%2Fenrol%2Ftotp');
    await visitor.follow(asked);
    const back = await throughProvider(visitor, await visitor.submit({ place: 'acme' }, '/confirm/federated'));
    expect(back.location).toBe('/sign-in/enrol/totp');
    await visitor.open('/sign-in/enrol/totp');
    const { html } = await visitor.submit({}, '/sign-in/enrol/totp');
    const secret = /class="code[^"]*"[^>]*>([A-Z2-7 ]{20,})</.exec(html)![1]!.replaceAll(' ', '');
    const code = codeAt(secret, pages.app.clock.now());
    expect((await visitor.submit({ code }, '/sign-in/enrol/totp/code')).html).toContain('ecovery');
    expect((await visitor.open('/account')).status).toBe(200);
  });
});
