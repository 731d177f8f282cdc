import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../src/database/auth-data-source.js';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { MailedTokens } from '../../src/users/mailed-tokens.js';
import { overStrategies } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';

const DAY = 86_400;
const tokenIn = ({ text }: { text: string }) => /token=([\w.-]+)/.exec(text)![1]!;
let counter = 0;
const freshEmail = () => `moved-${++counter}@example.com`;

describe('a change of address', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers();
  });
  afterAll(() => app.close());

  const ask = (user: TestUser, email: string, password = user.password) =>
    user.post('/auth/email/change', { email, password });
  const confirm = (token: string) => app.client().post('/auth/email/change/confirm', { token });
  const undo = (token: string) => app.client().post('/auth/email/change/undo', { token });
  const logIn = (email: string, password: string) => app.client().post('/auth/login', { email, password });
  const emailOf = async (user: TestUser) => {
    const again = await app.logInAgain({ ...user, transport: 'body' });
    return (await again.get('/auth/me')).body.user.email as string;
  };

  const move = async (user: TestUser, to: string) => {
    await ask(user, to);
    expect((await confirm(await app.mailedToken(to))).status).toBe(204);
  };

  overStrategies((strategy) => {
    it('happens when the new mailbox confirms it, and sessions go on', async () => {
      const user = await app.logIn({ strategy, transport: 'cookie' });
      const email = freshEmail();
      const reply = await ask(user, email.toUpperCase().replace('EXAMPLE.COM', 'example.com'));
      expect([reply.status, reply.body]).toEqual([202, { status: 'confirmation_sent' }]);
      const token = await app.mailedToken(email);
      expect((await user.get('/auth/me')).body.user.email).toBe(user.email);
      expect((await confirm(token)).status).toBe(204);
      const me = await user.get('/auth/me');
      if (strategy === 'jwt') {
        expect(me.body.code).toBe('token_expired');
        expect((await user.post('/auth/refresh', {})).status).toBe(200);
      }
      expect((await user.get('/auth/me')).body).toMatchObject({
        user: { email, emailVerified: true },
        session: { id: user.sessionId },
      });
      expect((await logIn(user.email, user.password)).body.code).toBe('invalid_credentials');
      expect((await logIn(email, user.password)).status).toBe(200);
      expect((await confirm(token)).body.code).toBe('invalid_token');
    });

    it('taken back from the old mailbox restores the address, ends every session and password, and mails a link to a new one', async () => {
      const user = await app.logIn({ strategy, transport: 'cookie' });
      const thief = await app.logInAgain({ ...user, strategy, transport: 'cookie' });
      const stolen = freshEmail();
      await move(thief, stolen);
      app.clock.advance(7 * DAY - 1);
      const [made, notification] = await app.mails(user.email);
      expect([made!.subject, notification!.subject]).toEqual([
        'Your e-mail address was changed',
        'A change of your e-mail address was requested',
      ]);
      expect((await undo(tokenIn(made!))).status).toBe(204);
      expect((await thief.get('/auth/me')).status).toBe(401);
      for (const email of [user.email, stolen]) expect((await logIn(email, user.password)).status).toBe(401);
      expect((await undo(tokenIn(notification!))).body.code).toBe('invalid_token');
      const token = await app.mailedToken(user.email);
      const password = 'a password of my own';
      expect((await app.client().post('/auth/password/reset', { token, password })).status).toBe(204);
      expect((await logIn(user.email, password)).body.user.id).toBe(user.userId);
    });
  });

  it('needs the password', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const email = freshEmail();
    const refused = await ask(user, email, 'wrong horse');
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_credentials']);
    expect((await user.post('/auth/email/change', { email })).status).toBe(400);
    expect((await ask(user, user.email)).body.errors[0].rule).toBe('unchanged');
    expect(await app.mails(email)).toEqual([]);
  });

  it('to a taken address is answered alike, and only its mailbox is told', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const taken = await app.register();
    const [toTaken, toFree] = [await ask(user, taken.email), await ask(user, freshEmail())];
    expect([toTaken.status, toTaken.text]).toEqual([toFree.status, toFree.text]);
    const [mail] = await app.mails(taken.email);
    expect(mail!.text).not.toContain('token=');
  });

  it('is refused with conflict when the address was taken meanwhile', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const email = freshEmail();
    await ask(user, email);
    const token = await app.mailedToken(email);
    await app.register({ email });
    const reply = await confirm(token);
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict']);
    expect(await emailOf(user)).toBe(user.email);
  });

  it('leaves one link good of twenty that are made at once', async () => {
    const { userId, email, password } = await app.logIn();
    const tokens = app.app.get(MailedTokens, { strict: false });
    const order = { purpose: 'password-reset', user: { id: userId, email }, lifetimeSeconds: 60 };
    const made = await Promise.all(Array.from({ length: 20 }, () => tokens.issueOnly(order)));
    const reset = (token: string) => app.client().post('/auth/password/reset', { token, password });
    const replies = await Promise.all(made.map((issued) => reset(issued!.token)));
    expect(replies.map(({ status }) => status).sort()).toEqual([204, ...Array(19).fill(400)]);
  });

  it('has one winner when eight users confirm one address at once', async () => {
    const email = freshEmail();
    const tokens: string[] = [];
    for (let i = 0; i < 8; i += 1) {
      await ask(await app.logIn({ transport: 'cookie' }), email);
      tokens.push(await app.mailedToken(email));
    }
    const statuses = (await Promise.all(tokens.map(confirm))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([204, ...Array(7).fill(409)]);
  });

  it('always leads to the mailbox whose link was followed, whatever was asked for at once', async () => {
    for (let round = 0; round < 10; round += 1) {
      // A user of its own: one may ask for five changes a day.
      const user = await app.logIn({ transport: 'cookie' });
      const wanted = [freshEmail(), freshEmail()];
      const requested = await Promise.all(wanted.map((email) => ask(user, email)));
      expect(requested.map(({ status }) => status)).toEqual([202, 202]);
      const before = await emailOf(user);
      let expected = before;
      for (const email of wanted) {
        const [mail] = await app.mails(email);
        if (mail && (await confirm(tokenIn(mail))).status === 204) expected = email;
      }
      expect(expected).not.toBe(before);
      expect(await emailOf(Object.assign(user, { email: expected }))).toBe(expected);
    }
  });

  it('dies with a newer wish, a reset and a password change', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const [first, second, third] = [freshEmail(), freshEmail(), freshEmail()];
    await ask(user, first);
    const older = await app.mailedToken(first);
    await ask(user, second);
    const newer = await app.mailedToken(second);
    expect((await confirm(older)).body.code).toBe('invalid_token');
    const newPassword = 'seventeen quiet otters';
    await user.post('/auth/password/change', { currentPassword: user.password, newPassword });
    expect((await confirm(newer)).body.code).toBe('invalid_token');
    const again = await app.logInAgain({ email: user.email, password: newPassword, transport: 'cookie' });
    await ask(again, third);
    const last = await app.mailedToken(third);
    await app.client().post('/auth/password/forgot', { email: user.email });
    const token = await app.mailedToken(user.email);
    expect((await app.client().post('/auth/password/reset', { token, password: user.password })).status).toBe(204);
    expect((await confirm(last)).body.code).toBe('invalid_token');
    expect(await emailOf(user)).toBe(user.email);
  });

  describe('taken back from the old mailbox', () => {
    it('stops a change that was not confirmed yet', async () => {
      const user = await app.logIn({ transport: 'cookie' });
      const email = freshEmail();
      await ask(user, email);
      const token = await app.mailedToken(email);
      expect((await undo(await app.mailedToken(user.email))).status).toBe(204);
      expect((await confirm(token)).body.code).toBe('invalid_token');
    });

    it('works for the first mailbox also when the thief has moved on and reset the password', async () => {
      const user = await app.logIn({ transport: 'cookie' });
      const [stolen, hidden] = [freshEmail(), freshEmail()];
      await move(user, stolen);
      const [first] = await app.mails(user.email);
      const thief = await app.logInAgain({ email: stolen, password: user.password, transport: 'cookie' });
      await move(Object.assign(thief, { email: stolen }), hidden);
      await app.client().post('/auth/password/forgot', { email: hidden });
      const token = await app.mailedToken(hidden);
      await app.client().post('/auth/password/reset', { token, password: 'the thief’s own words' });
      expect((await undo(tokenIn(first!))).status).toBe(204);
      expect((await logIn(hidden, 'the thief’s own words')).status).toBe(401);
      const back = await app.mailedToken(user.email);
      const reply = await app.client().post('/auth/password/reset', { token: back, password: user.password });
      expect(reply.status).toBe(204);
      expect(await emailOf(user)).toBe(user.email);
    });

    it('is too late after seven days', async () => {
      const user = await app.logIn({ transport: 'cookie' });
      await ask(user, freshEmail());
      const token = await app.mailedToken(user.email);
      app.clock.advance(7 * DAY);
      expect((await undo(token)).body.code).toBe('invalid_token');
    });
  });
});

describe('mailed links', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session'] });
  });
  afterAll(() => app.close());

  const ROUTES = {
    'email-verification': '/auth/email/verify',
    'password-reset': '/auth/password/reset',
    'email-change': '/auth/email/change/confirm',
    'email-change-undo': '/auth/email/change/undo',
  } as const;

  it('open their own door and no other', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const [moved, fresh] = [freshEmail(), freshEmail()];
    await app.client().post('/auth/register', { email: fresh, password: 'an engine weaves algebra' });
    await user.post('/auth/email/change', { email: moved, password: user.password });
    const undoToken = await app.mailedToken(user.email);
    await app.client().post('/auth/password/forgot', { email: user.email });
    const tokens = {
      'email-verification': await app.mailedToken(fresh),
      'password-reset': await app.mailedToken(user.email),
      'email-change': await app.mailedToken(moved),
      'email-change-undo': undoToken,
    };
    const post = (door: keyof typeof ROUTES, token: string) =>
      app
        .client()
        .post(ROUTES[door], door === 'password-reset' ? { token, password: 'seventeen quiet otters' } : { token });
    for (const door of Object.keys(ROUTES) as (keyof typeof ROUTES)[]) {
      for (const [kind, token] of Object.entries(tokens)) {
        if (kind !== door)
          expect([door, kind, (await post(door, token)).body.code]).toEqual([door, kind, 'invalid_token']);
      }
    }
    const database = app.app.get<DataSource>(AUTH_DATA_SOURCE, { strict: false });
    const stored = JSON.stringify(await database.query('SELECT * FROM coatcheck.mailed_tokens'));
    for (const token of Object.values(tokens)) expect(stored).not.toContain(token.split('.')[1]);
    // None of it has spent a token.
    expect((await post('email-change', tokens['email-change'])).status).toBe(204);
  });

  it.each([ROUTES['password-reset'], ROUTES['email-change'], ROUTES['email-change-undo']])(
    'open a page at %s that changes nothing, runs nothing inline and sends its address nowhere',
    async (route) => {
      const page = await app.client().get(`${route}?token=3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.secret`);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(page.headers.get('cache-control')).toBe('no-store');
      expect(page.headers.get('referrer-policy')).toBe('strict-origin');
      expect(page.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; .*form-action 'self'; .*frame-ancestors 'none'/,
      );
      expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    },
  );

  it('of a reset are good for an hour, once, and only the newest', async () => {
    const { email } = await app.register();
    const link = async () => {
      await app.client().post('/auth/password/forgot', { email });
      return app.mailedToken(email);
    };
    const reset = (token: string, password = 'seventeen quiet otters') =>
      app.client().post('/auth/password/reset', { token, password });
    const older = await link();
    const newer = await link();
    expect((await reset(older)).body.code).toBe('invalid_token');
    const weak = await reset(newer, 'password1');
    expect([weak.status, weak.body.errors[0].field]).toEqual([400, 'password']);
    app.clock.advance(3599);
    expect((await reset(newer)).status).toBe(204);
    expect((await reset(newer)).body.code).toBe('invalid_token');
    const late = await link();
    app.clock.advance(3600);
    expect((await reset(late)).body.code).toBe('invalid_token');
  });
});
