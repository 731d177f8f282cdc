import { bootPages, type PagesUnderTest } from './boot-pages.js';

const TARGET = 'somebody@example.com';

let pages: PagesUnderTest;
beforeAll(async () => {
  pages = await bootPages({ authStrategies: ['session'], mailsPerAddress: 2 });
});
afterAll(() => pages?.close());

describe('a form and the JSON route that does the same have one budget', () => {
  it('of mails to an address that is to become the user’s own', async () => {
    const browser = await pages.as(await pages.app.logIn({ strategy: 'session' }));
    const { password } = browser.user as { password?: string };
    const form = async () => {
      await browser.open('/account/email');
      return (await browser.submit({ email: TARGET, password: password! }, '/account/email')).status;
    };
    const json = async () => (await browser.user.post('/auth/email/change', { email: TARGET, password })).status;
    expect([await form(), await json(), await form(), await json()]).toEqual([303, 202, 429, 429]);
    // A later request may overtake the mail of the one before it.
    expect((await pages.app.mails(TARGET)).length).toBeLessThanOrEqual(2);
  });

  it('of downloads of everything that is kept about a user', async () => {
    const browser = await pages.as(await pages.app.logIn({ strategy: 'session' }));
    const form = async () => {
      await browser.open('/account/export');
      return (await browser.submit({}, '/account/export')).status;
    };
    const json = async () => (await browser.user.get('/auth/me/export')).status;
    const statuses: number[] = [];
    for (let round = 0; round < 3; round++) statuses.push(await form(), await json());
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    expect(await form()).toBe(429);
  });
});
