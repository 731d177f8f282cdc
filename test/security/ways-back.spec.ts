import type { OutboxMail } from '../../src/mail/outbox.js';
import type { AuthTestApp, TestReply, TestUser } from '../../src/testing/index.js';
import { codeAt, setUpTotp } from '../flows/authenticator-app.js';
import { bootWithMadeUsers } from '../flows/made-users.js';
import { PasskeyHolder } from '../flows/passkey-holder.js';

const DAY = 86_400;
const NEW_PASSWORD = 'a loom of silver numbers';
let counter = 0;
const freshEmail = () => `elsewhere-${++counter}@example.com`;
const tokenIn = (mail: OutboxMail | undefined) => /token=([\w.-]+)/.exec(mail!.text)![1]!;

function answer({ status, body }: TestReply) {
  return [status, body?.code];
}

describe.each(['required', 'optional'] as const)('ways back, mailboxes being proven: %s', (emailVerification) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    const authStrategies = ['session', 'api-key'] as const;
    app = await bootWithMadeUsers({ authStrategies, apiKeyScopes: ['example:read'], emailVerification });
  });
  afterAll(() => app.close());

  const post = (path: string, body: object) => app.client().post(path, body);
  const logIn = (email: string, password: string) => post('/auth/login', { email, password });
  const undo = (token: string) => post('/auth/email/change/undo', { token });
  const notMe = (token: string) => post('/auth/security/not-me', { token });
  const reset = (token: string) => post('/auth/password/reset', { token, password: NEW_PASSWORD });
  /** The newest mail to an address with these words in its subject. */
  const mail = async (to: string, words: string) =>
    (await app.mails(to)).find(({ subject }) => subject.includes(words));
  const move = async (user: TestUser, to: string) => {
    expect((await user.post('/auth/email/change', { email: to, password: user.password })).status).toBe(202);
    const token = tokenIn(await mail(to, 'Confirm'));
    expect((await post('/auth/email/change/confirm', { token })).status).toBe(204);
  };
  /** A thief with session and password has moved the account to a mailbox of theirs. */
  const stolen = async () => {
    const owner = await app.logIn();
    const thief = await app.logInAgain(owner);
    const to = freshEmail();
    await move(thief, to);
    return { owner, thief, to };
  };
  const isOver = async ({ owner, thief, to }: Awaited<ReturnType<typeof stolen>>) => {
    for (const client of [owner, thief]) expect((await client.get('/auth/me')).status).toBe(401);
    for (const email of [owner.email, to]) expect((await logIn(email, owner.password)).status).toBe(401);
  };

  describe('H-1: the undo of a change of address', () => {
    it('passes an unproven registration of the freed address, and ends everything', async () => {
      const theft = await stolen();
      const { owner, to } = theft;
      await post('/auth/register', { email: owner.email, password: 'squat the address' });
      await app.mails();
      expect((await undo(tokenIn(await mail(owner.email, 'address was changed')))).status).toBe(204);
      await isOver(theft);
      expect((await logIn(owner.email, 'squat the address')).status).toBe(401);
      expect(await mail(to, 'password')).toBeUndefined();
      expect((await reset(tokenIn(await mail(owner.email, 'Reset your password')))).status).toBe(204);
      expect((await logIn(owner.email, NEW_PASSWORD)).body.user.id).toBe(owner.userId);
    });

    it('ends everything also when the freed address is another proven user’s, who keeps it', async () => {
      const theft = await stolen();
      const { owner } = theft;
      const other = await app.register({ email: owner.email });
      expect((await undo(tokenIn(await mail(owner.email, 'A change of your e-mail address')))).status).toBe(204);
      await isOver(theft);
      expect((await logIn(other.email, other.password)).status).toBe(200);
    });

    it('then mails a link to a new password to the freed mailbox only, and says how to log in; the account can be moved to an address again', async () => {
      const { owner, to } = await stolen();
      await app.register({ email: owner.email });
      const before = (await app.mails(to)).length;
      expect((await undo(tokenIn(await mail(owner.email, 'address was changed')))).status).toBe(204);
      await post('/auth/password/forgot', { email: to });
      expect(await app.mails(to)).toHaveLength(before);
      const back = await mail(owner.email, 'is yours again');
      const standIn = /sign in with (\S+@\S+) as/.exec(back!.text)![1]!;
      expect(standIn).toMatch(/@taken-back\.invalid$/);
      expect(standIn).not.toContain(owner.userId);
      expect((await reset(tokenIn(back))).status).toBe(204);
      expect((await reset(tokenIn(back))).body.code).toBe('invalid_token');
      const again = await app.logInAgain({ email: standIn, password: NEW_PASSWORD });
      expect((await again.get('/auth/me')).body.user.id).toBe(owner.userId);
      const home = freshEmail();
      await move(again, home);
      expect((await logIn(home, NEW_PASSWORD)).body.user.id).toBe(owner.userId);
      expect((await app.mails()).filter((sent) => sent.to.endsWith('.invalid'))).toEqual([]);
    });

    it('leaves no link of the mailbox it was moved to good', async () => {
      const { owner, thief, to } = await stolen();
      await app.register({ email: owner.email });
      await post('/auth/password/forgot', { email: to });
      await thief.post('/auth/email/change', { email: freshEmail(), password: thief.password });
      const links = (await app.mails(to)).filter(({ text }) => text.includes('token=')).map(tokenIn);
      expect(links.length).toBeGreaterThan(2);
      expect((await undo(tokenIn(await mail(owner.email, 'address was changed')))).status).toBe(204);
      for (const token of links) {
        for (const path of ['password/reset', 'email/change/undo', 'email/change/confirm', 'security/not-me'])
          expect(
            (await post(`/auth/${path}`, { token, ...(path === 'password/reset' && { password: NEW_PASSWORD }) })).body
              .code,
          ).toBe('invalid_token');
      }
    });

    it('of many at once with registrations and proofs of the freed address, one is answered 204, and the thief is out', async () => {
      for (let round = 0; round < 5; round += 1) {
        const theft = await stolen();
        const token = tokenIn(await mail(theft.owner.email, 'address was changed'));
        const [first, second] = await Promise.all([
          undo(token),
          undo(token),
          app.register({ email: theft.owner.email }).catch(() => null),
        ]);
        expect([first.status, second.status].sort()).toEqual([204, 400]);
        await isOver(theft);
      }
    });
  });

  describe('M-2: "this was not me"', () => {
    const NOTIFICATIONS: [string, string, (user: TestUser) => Promise<unknown>][] = [
      ['an authenticator app', 'A way to sign in has changed', (user) => setUpTotp(app, user)],
      ['a passkey', 'A way to sign in has changed', (user) => new PasskeyHolder(app, user).register()],
      ['an API key', 'A new API key', (user) => user.post('/auth/api-keys', { name: 'k', scopes: ['example:read'] })],
      [
        'a password',
        'password was changed',
        (user) => user.post('/auth/password/change', { currentPassword: user.password, newPassword: NEW_PASSWORD }),
      ],
    ];

    it.each(NOTIFICATIONS)(
      'takes %s away, ends everything, and mails a link to a new password',
      async (_, subject, doIt) => {
        const owner = await app.logIn();
        const thief = await app.logInAgain(owner);
        await doIt(thief);
        const key = (await thief.get('/auth/api-keys')).body.apiKeys?.[0];
        const notification = await mail(owner.email, subject);
        expect(notification!.text).toContain('/auth/security/not-me?token=');
        expect(notification!.text).not.toContain('reset your password now');
        const token = tokenIn(notification);
        expect(await notMe(token)).toMatchObject({ status: 204, text: '' });
        for (const client of [owner, thief]) expect((await client.get('/auth/me')).status).toBe(401);
        for (const password of [owner.password, NEW_PASSWORD])
          expect((await logIn(owner.email, password)).status).toBe(401);
        expect((await reset(tokenIn(await mail(owner.email, 'Reset your password')))).status).toBe(204);
        const again = await app.logInAgain({ email: owner.email, password: NEW_PASSWORD });
        expect((await again.get('/auth/factors')).body).toEqual({ factors: [] });
        expect(
          (await again.get('/auth/api-keys')).body.apiKeys.filter(({ id }: { id: string }) => id === key?.id),
        ).toEqual([]);
        expect((await notMe(token)).body.code).toBe('invalid_token');
      },
    );

    it('takes what came later too, whose own link ends by it, and leaves what was there before', async () => {
      const holder = await PasskeyHolder.enrolled(app);
      const { email } = holder.user;
      app.clock.advance(60);
      const { secret } = await setUpTotp(app, holder.user);
      const first = tokenIn(await mail(email, 'A way to sign in has changed'));
      app.clock.advance(60);
      const thief = new PasskeyHolder(app, holder.user);
      await thief.user.post('/auth/step-up', { factor: 'totp', code: codeAt(secret, app.clock.now()) });
      expect((await thief.register()).status).toBe(201);
      const later = tokenIn(await mail(email, 'A way to sign in has changed'));
      expect((await notMe(first)).status).toBe(204);
      expect((await notMe(later)).body.code).toBe('invalid_token');
      expect((await thief.logIn({ email })).status).toBe(401);
      expect((await holder.logIn({ email })).status).toBe(200);
    });

    it('is good for seven days, once, for nothing else, and malformed for nothing', async () => {
      const owner = await app.logIn();
      await setUpTotp(app, owner);
      const token = tokenIn(await mail(owner.email, 'A way to sign in has changed'));
      for (const wrong of ['', 'x', `${token}x`, token.replace('.', '')])
        expect(answer(await notMe(wrong))).toEqual([400, 'invalid_token']);
      expect((await post('/auth/security/not-me', {})).body.code).toBe('validation_failed');
      expect((await undo(token)).body.code).toBe('invalid_token');
      expect((await reset(token)).body.code).toBe('invalid_token');
      app.clock.advance(7 * DAY - 1);
      expect(answer(await notMe(token))).toEqual([204, undefined]);
      const late = await app.logIn();
      await setUpTotp(app, late);
      const second = tokenIn(await mail(late.email, 'A way to sign in has changed'));
      app.clock.advance(7 * DAY);
      expect((await notMe(second)).body.code).toBe('invalid_token');
    });

    it('of two at once one is answered 204', async () => {
      const owner = await app.logIn();
      await setUpTotp(app, owner);
      const token = tokenIn(await mail(owner.email, 'A way to sign in has changed'));
      const replies = await Promise.all([notMe(token), notMe(token)]);
      expect(replies.map(({ status }) => status).sort()).toEqual([204, 400]);
    });

    it('opens a page with one button, and opening it changes nothing', async () => {
      const owner = await app.logIn();
      await setUpTotp(app, owner);
      const notification = await mail(owner.email, 'A way to sign in has changed');
      const { pathname, search } = new URL(/http\S+token=\S+/.exec(notification!.text)![0]);
      const page = await app.client().get(pathname + search);
      expect([page.status, page.text.includes('This was not me')]).toEqual([200, true]);
      expect((await owner.get('/auth/factors')).body.factors).toHaveLength(2);
    });

    it('from a former mailbox takes the change of address back too, and the link to a new password goes there only', async () => {
      const theft = await stolen();
      const { owner, thief, to } = theft;
      await setUpTotp(app, thief);
      const before = (await app.mails(to)).length;
      expect((await notMe(tokenIn(await mail(owner.email, 'A way to sign in has changed')))).status).toBe(204);
      await isOver(theft);
      expect((await app.mails(to)).length).toBe(before);
      expect((await reset(tokenIn(await mail(owner.email, 'Reset your password')))).status).toBe(204);
      expect((await logIn(owner.email, NEW_PASSWORD)).body).toMatchObject({
        status: 'authenticated',
        user: { id: owner.userId },
      });
    });

    it('from a former mailbox is nothing any more once that can take nothing back', async () => {
      const { owner, thief } = await stolen();
      app.clock.advance(6 * DAY);
      const again = await app
        .logInAgain({ email: (await thief.get('/auth/me')).body.user?.email, password: owner.password })
        .catch(() => thief);
      await setUpTotp(app, again, owner.password);
      const token = tokenIn(await mail(owner.email, 'A way to sign in has changed'));
      app.clock.advance(2 * DAY);
      expect((await notMe(token)).body.code).toBe('invalid_token');
    });
  });

  describe('H-2: a user who can take an address back', () => {
    it('is told of every way in, as the account’s own mailbox is', async () => {
      const { owner, thief, to } = await stolen();
      const { secret } = await setUpTotp(app, thief);
      await thief.post('/auth/api-keys', { name: 'k', scopes: ['example:read'] });
      app.clock.advance(30);
      await thief.post('/auth/step-up', { factor: 'totp', code: codeAt(secret, app.clock.now()) });
      const { recoveryCodes } = (await thief.post('/auth/factors/recovery-codes', {})).body;
      const browser = app.client();
      const { loginToken } = (await browser.post('/auth/login', { email: to, password: owner.password })).body;
      const proof = { loginToken, factor: 'recovery_code', code: recoveryCodes[0] };
      expect((await browser.post('/auth/login/factor', proof)).status).toBe(200);
      const told = async (email: string) =>
        (await app.mails(email))
          .filter(({ text }) => text.includes('/auth/security/not-me'))
          .map(({ subject, text }) => `${subject}: ${text.split('\n')[0]}`);
      const toldTo = await told(to);
      expect(toldTo.length).toBeGreaterThanOrEqual(4);
      // Before the move only the owner was told.
      expect((await told(owner.email)).slice(0, toldTo.length)).toEqual(toldTo);
    });
  });
});
