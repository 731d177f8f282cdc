import { RegistrationReminders } from '../../../src/factors/password/registration-reminders.js';
import { bootPages, linkIn, type PagesUnderTest } from '../../pages/boot-pages.js';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';

const PASSWORD = 'an engine weaves algebra';
const OTHER = 'a loom of silver numbers';

/** What a person does, by the keyboard alone, with scripts and without. */
inChromium.each([
  ['with scripts', true],
  ['without scripts', false],
])('mailed links and their pages, %s', (_how, scripts) => {
  let pages: PagesUnderTest;
  let chromium: Chromium;
  let window: Window;

  beforeAll(async () => {
    [pages, chromium] = await Promise.all([bootPages({ authStrategies: ['session'] }), Chromium.start()]);
  });
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
  });

  beforeEach(async () => {
    window = await chromium.open(pages.url, { scripts });
  });
  afterEach(async () => {
    expect(window.complaints).toEqual([]);
    await window.close();
  });

  /** Whether the address and password open the account. */
  const logsIn = async (email: string, password: string) =>
    (await pages.app.client().post('/auth/login', { email, password })).status === 200;

  /** Opens the newest mail's link, twice, as a mail scanner would before. */
  async function follow(email: string, page?: string): Promise<void> {
    const { pathname, search } = new URL(await linkIn(pages.app, email, page));
    expect((await pages.app.client().get(pathname + search)).status).toBe(200);
    expect(await window.goto(pathname + search)).toBe(200);
    // The token stays in the form alone.
    if (scripts) expect(window.path).toBe(pathname);
  }

  it('sign up, verify, sign-in page', async () => {
    const email = 'ada@example.com';
    await window.goto('/sign-up');
    await window.type('E-mail address', email);
    await window.type('Name', 'Ada Lovelace');
    await window.type('New password', PASSWORD);
    await window.press('Create account');
    expect([window.path, await window.heading()]).toEqual(['/sign-up/sent', 'Check your mailbox']);
    expect(await pages.app.mails(email)).toHaveLength(1);
    expect(await logsIn(email, PASSWORD)).toBe(false);

    // Mails that are written at once may come in either order: the login is answered by one, later.
    await pages.app.app.get(RegistrationReminders).settled();
    expect(await pages.app.mails(email)).toHaveLength(2);
    await window.type('E-mail address', email);
    await window.press('Send the link again');
    expect([window.path, await window.text()]).toEqual(['/sign-up/sent', expect.stringContaining('another link')]);

    expect(await pages.app.mails(email)).toHaveLength(3);
    await follow(email);
    expect(await window.heading()).toBe('Verify your e-mail address');
    await window.press('Verify');
    expect([window.path, await window.text()]).toEqual(['/sign-in', expect.stringContaining('is verified')]);
    expect(await logsIn(email, PASSWORD)).toBe(true);
  });

  it('a password that will not do stays on the page of the form, with the rule beside the field; nothing was sent', async () => {
    await window.goto('/sign-up');
    await window.type('E-mail address', 'bob@example.com');
    await window.type('New password', 'password');
    await window.press('Create account');
    expect([window.path, await window.text()]).toEqual(['/sign-up', expect.stringMatching(/easy to guess/)]);
    expect(await window.page.inputValue('#email')).toBe('bob@example.com');
    expect(await window.page.inputValue('#password')).toBe('');
    expect(await window.page.evaluate('document.activeElement.id')).toBe('password');
    expect(await pages.app.mails('bob@example.com')).toEqual([]);
  });

  it('the same page for a taken address as for a free one', async () => {
    const { email } = await pages.app.register({ password: PASSWORD });
    await window.goto('/sign-up');
    await window.type('E-mail address', email);
    await window.type('New password', OTHER);
    await window.press('Create account');
    expect([window.path, await window.heading()]).toEqual(['/sign-up/sent', 'Check your mailbox']);
    expect([await logsIn(email, PASSWORD), await logsIn(email, OTHER)]).toEqual([true, false]);
  });

  it('several registrations of one address: the password is chosen on the way', async () => {
    const email = 'eve@example.com';
    for (const password of [PASSWORD, OTHER]) await pages.app.client().post('/auth/register', { email, password });
    await follow(email);
    await window.press('Verify');
    expect(await window.heading()).toBe('Choose a password');
    expect(window.path).not.toContain('token');
    await window.type('New password', 'copper wires under snow');
    await window.press('Set the password');
    expect([window.path, await window.text()]).toEqual(['/sign-in', expect.stringContaining('password is set')]);
    expect(await logsIn(email, 'copper wires under snow')).toBe(true);
  });

  it('forgot and reset: a refused password keeps the link good; then every session has ended', async () => {
    const { email } = await pages.app.register({ password: PASSWORD });
    const elsewhere = await pages.app.logInAgain({ email, password: PASSWORD });
    await window.goto('/forgot');
    await window.type('E-mail address', email);
    await window.press('Send the link');
    expect([window.path, await window.heading()]).toEqual(['/forgot/sent', 'Check your mailbox']);
    await follow(email);
    await window.type('New password', 'short');
    await window.press('Set the password');
    expect(await window.text()).toContain('at least');
    await window.type('New password', OTHER);
    await window.press('Set the password');
    expect([window.path, await window.text()]).toEqual(['/sign-in', expect.stringContaining('signed out everywhere')]);
    expect((await elsewhere.get('/auth/me')).status).toBe(401);
    expect([await logsIn(email, PASSWORD), await logsIn(email, OTHER)]).toEqual([false, true]);
  });

  it('the same page for whomever has forgotten a password, known or not', async () => {
    await window.goto('/forgot');
    await window.type('E-mail address', 'nobody@example.com');
    await window.press('Send the link');
    expect([window.path, await window.heading()]).toEqual(['/forgot/sent', 'Check your mailbox']);
    expect(await pages.app.mails('nobody@example.com')).toEqual([]);
  });

  it('change of address: confirm from the new mailbox, undo from the old one', async () => {
    const { email } = await pages.app.register({ password: PASSWORD });
    const user = await pages.app.logInAgain({ email, password: PASSWORD });
    const next = `new.${email}`;
    await user.post('/auth/email/change', { email: next, password: PASSWORD });
    await follow(next);
    expect(await window.heading()).toBe('Confirm your new e-mail address');
    await window.press('Confirm');
    expect(await logsIn(next, PASSWORD)).toBe(true);

    await follow(email, '/auth/email/change/undo');
    expect(await window.heading()).toBe('Keep your old address');
    await window.press('Undo the change');
    expect(await window.text()).toContain('link to choose a new password');
    expect((await user.get('/auth/me')).status).toBe(401);
    await follow(email, '/auth/password/reset');
    expect(await window.heading()).toBe('Choose a new password');
  });

  it('a link that was used says so, and where to get another', async () => {
    const { email } = await pages.app.register({ password: PASSWORD });
    await pages.app.client().post('/auth/password/forgot', { email });
    const token = await pages.app.mailedToken(email);
    await follow(email);
    expect((await pages.app.client().post('/auth/password/reset', { token, password: OTHER })).status).toBe(204);
    await window.type('New password', PASSWORD);
    await window.press('Set the password');
    expect(await window.text()).toContain('has been used');
    expect(await logsIn(email, OTHER)).toBe(true);
    await window.press('Request a new link');
    expect(window.path).toBe('/forgot');
  });
});
