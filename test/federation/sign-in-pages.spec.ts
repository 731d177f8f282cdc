import { setUpTotp } from '../flows/authenticator-app.js';
import { bootFederatedPages, type FederatedPages, leadsTo, signInWith, throughProvider } from './federated-pages.js';

let pages: FederatedPages;
beforeAll(async () => {
  pages = await bootFederatedPages([
    { slug: 'acme', settings: { label: 'Acme', jitProvisioning: 'on', vouchesForEmail: true } },
    {
      slug: 'hidden',
      domains: ['big.example'],
      settings: { isListed: false, jitProvisioning: 'on', vouchesForEmail: ['big.example'] },
    },
    { slug: 'off', disabled: true, settings: { label: 'Switched off' } },
  ]);
});
afterAll(() => pages.close());

describe('the sign-in page', () => {
  it('has a button for each listed connection, and one for companies, and says nothing of others', async () => {
    const { html } = await pages.visitor().open('/sign-in');
    expect(html).toContain('name="place" value="acme">Continue with Acme</button>');
    expect(html).toContain('<a class="button second" href="/sign-in/federated">Continue with your company</a>');
    for (const other of ['hidden', 'off', 'Switched off']) expect(html).not.toContain(`value="${other}"`);
  });

  it('signs in by a button, where the browser then goes on', async () => {
    const visitor = pages.visitor();
    const ada = pages.providers.acme!.addPerson();
    pages.providers.acme!.chosen = ada;
    const back = await signInWith(visitor, 'acme', '/sign-in?return=%2Faccount%2Fsessions');
    expect([back.status, back.location]).toEqual([303, '/account/sessions']);
    expect((await visitor.open('/account')).html).toContain(ada.email);
  });

  it('signs in by the address of a company, which the provider is told', async () => {
    const visitor = pages.visitor();
    const provider = pages.providers.hidden!;
    const bob = provider.addPerson({ email: 'bob@big.example' });
    provider.chosen = bob;
    await visitor.open('/sign-in/federated?return=%2Faccount%2Flog');
    const leaving = await visitor.submit({ email: 'Bob@BIG.example' });
    expect(leadsTo(leaving).searchParams.get('login_hint')).toBe('Bob@BIG.example');
    expect((await throughProvider(visitor, leaving)).location).toBe('/account/log');
  });

  it('says so where no company has the domain, whether or not a user has the address', async () => {
    const known = await pages.app.register({ email: 'known@example.com' });
    const said: string[] = [];
    for (const email of [known.email, 'nobody@example.com', 'x@sub.big.example']) {
      const visitor = pages.visitor();
      await visitor.open('/sign-in/federated');
      const { status, html, headers } = await visitor.submit({ email });
      expect([status, headers.get('refresh')]).toEqual([400, null]);
      expect(html).toContain('No company has set up signing in for addresses of this domain');
      said.push(html.replace(email, '').replace(/name="_csrf" value="[^"]+"/g, ''));
    }
    expect(new Set(said).size).toBe(1);
  });

  it('begins nothing for a connection that is disabled or unknown', async () => {
    for (const place of ['off', 'nothing']) {
      const visitor = pages.visitor();
      await visitor.open('/sign-in?return=%2Faccount%2Flog');
      const reply = await visitor.submit({ place }, '/sign-in/federated');
      expect([reply.status, reply.location]).toEqual([303, '/sign-in?return=%2Faccount%2Flog']);
      const { html } = await visitor.follow(reply);
      expect(html).toContain('<p class="problem" role="alert">Signing in there is no longer possible.');
    }
    expect(pages.providers.off!.requests).toEqual([]);
  });

  it('begins nothing by a form of another site', async () => {
    const asked = pages.providers.acme!.requests.length;
    const visitor = pages.visitor({ 'sec-fetch-site': 'cross-site' });
    const reply = await visitor.send('POST', '/sign-in/federated', { place: 'acme' });
    expect(reply.status).toBe(403);
    expect(pages.providers.acme!.requests).toHaveLength(asked);
  });

  it('returns to no other site', async () => {
    const visitor = pages.visitor();
    await visitor.open('/sign-in');
    const leaving = await visitor.submit({ place: 'acme', return: 'https://evil.example/' }, '/sign-in/federated');
    expect((await throughProvider(visitor, leaving)).location).toBe('/account');
  });

  it('says the same of whatever was wrong at the provider, and what to do', async () => {
    const provider = pages.providers.acme!;
    const wrongs = [
      { refusal: 'access_denied' },
      { idToken: { claims: { nonce: 'other' } } },
      { response: { iss: undefined } },
    ];
    const said: string[] = [];
    for (const wrong of wrongs) {
      const visitor = pages.visitor();
      await visitor.open('/sign-in?return=%2Faccount%2Flog');
      const leaving = await visitor.submit({ place: 'acme' }, '/sign-in/federated');
      provider.wrong = wrong;
      const back = await throughProvider(visitor, leaving);
      provider.wrong = {};
      expect([back.status, back.location]).toEqual([303, '/sign-in?return=%2Faccount%2Flog']);
      said.push(/<p class="problem" role="alert">([^<]+)</.exec((await visitor.follow(back)).html)![1]!);
      expect((await visitor.open('/account')).location).toContain('/sign-in');
    }
    expect(new Set(said)).toEqual(
      new Set(['The login with the provider was not accepted. Try again, or sign in another way.']),
    );
  });

  it('goes on with a second factor that is due', async () => {
    const { app } = pages;
    const provider = pages.providers.acme!;
    const user = await app.logIn({ strategy: 'session' });
    await setUpTotp(app, user);
    provider.chosen = provider.addPerson({ email: user.email });
    const visitor = pages.visitor();
    const back = await signInWith(visitor, 'acme', '/sign-in?return=%2Faccount%2Flog');
    expect(back.location).toBe('/sign-in/factor?return=%2Faccount%2Flog');
    expect((await visitor.open('/account')).location).toContain('/sign-in');
    expect((await visitor.open(back.location!)).html).toContain('name="code"');
  });

  it('is the same to sign up', async () => {
    const visitor = pages.visitor();
    const { html } = await visitor.open('/sign-up');
    expect(html).toContain('Continue with Acme');
    const provider = pages.providers.acme!;
    provider.chosen = provider.addPerson();
    const back = await throughProvider(visitor, await visitor.submit({ place: 'acme' }, '/sign-in/federated'));
    expect(back.location).toBe('/account');
  });
});
