import { type AuthTestApp, type FakeProvider, startFakeProvider } from '../../src/testing/index.js';
import { bootService, overStrategies } from '../flows/combinations.js';
import { endOf, Federation } from './setting.js';

const SPA = 'https://app.example.com';
const RETURN = `${SPA}/signed-in`;

overStrategies((strategy) => {
  let app: AuthTestApp;
  let provider: FakeProvider;
  let on: Federation;
  beforeAll(async () => {
    app = await bootService({ authStrategies: [strategy], corsOrigins: [SPA] });
    provider = await startFakeProvider({ clock: app.clock });
    on = new Federation(app);
    await on.connect(provider, { slug: 'outside', vouchesForEmail: true, jitProvisioning: 'on' });
  });
  afterAll(async () => {
    await app.close();
    await provider.stop();
  });

  it('somebody who is not known here becomes a user by the first login, and is that user at the next', async () => {
    const person = provider.addPerson({ name: 'Ada' });
    provider.chosen = person;
    const browser = app.client();
    expect(endOf(await on.logIn(browser, 'outside', { returnTo: RETURN }))).toEqual({
      status: 303,
      to: RETURN,
      said: {},
    });
    const tokens = strategy === 'jwt' ? (await browser.post('/auth/refresh')).body : undefined;
    const me = await browser.get('/auth/me', tokens && { authorization: `Bearer ${tokens.accessToken}` });
    expect(me.body).toMatchObject({
      user: { email: person.email, emailVerified: true, name: 'Ada' },
      session: { amr: ['fed'] },
    });
  });
});
