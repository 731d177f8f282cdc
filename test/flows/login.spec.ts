import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { PasswordHasher } from '../../src/factors/password/password-hasher.js';
import type { AuthTestApp, TestReply } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService, overStrategies } from './combinations.js';

/** Those of the last tell a client of its own requests before. */
const BY_NATURE = ['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset'];

/** All of a reply that a client can compare, without what differs by nature. */
function visible({ status, headers, body }: TestReply): unknown {
  const kept = [...headers].filter(([name]) => !BY_NATURE.includes(name));
  return { status, headers: kept, body: { ...body, requestId: '' } };
}

overStrategies((strategy) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService({ authStrategies: [strategy] });
  });
  afterAll(() => app.close());

  it('answers logout with 204 whatever the ticket', async () => {
    const forged: Record<string, string> =
      strategy === 'session' ? { cookie: 'session=nonsense' } : { authorization: 'Bearer nonsense' };
    expect((await app.client().post('/auth/logout')).status).toBe(204);
    expect((await app.client(forged).post('/auth/logout')).status).toBe(204);
    const user = await app.logIn();
    const late = user.copy();
    app.clock.advance(16 * 60);
    expect((await late.post('/auth/logout')).status).toBe(204);
    expect((await user.get('/auth/me')).body.code).toBe(strategy === 'session' ? 'session_ended' : 'token_expired');
    const sessions = await (await app.logInAgain(user)).get('/auth/sessions');
    expect(sessions.body.sessions).toHaveLength(1);
  });

  it('gives every login a session of its own, whatever the client brought along', async () => {
    const user = await app.register();
    const planted = app.client();
    planted.setCookie('session', `00000000-0000-4000-8000-000000000000.${'A'.repeat(43)}`);
    const first = await planted.post('/auth/login', user);
    const second = await planted.post('/auth/login', user);
    expect(first.status).toBe(200);
    expect(second.status).toBe(200);
    expect(second.body.session.id).not.toBe(first.body.session.id);
    expect(first.body.session.id).not.toBe('00000000-0000-4000-8000-000000000000');
  });

  it('ends the session that a new login in the same browser replaces', async () => {
    const browser = await app.logIn({ transport: 'cookie' });
    const stolen = browser.copy();
    expect(
      (await browser.post('/auth/login', { email: browser.email, password: browser.password, transport: 'cookie' }))
        .status,
    ).toBe(200);
    expect((await stolen.get('/auth/me')).body.code).toBe('session_ended');
    const sessions = await browser.get('/auth/sessions');
    expect(sessions.body.sessions).toHaveLength(1);
    const other = await app.logInAgain(browser);
    expect((await other.get('/auth/sessions')).body.sessions).toHaveLength(2);
  });

  it('refuses a strategy that is switched off', async () => {
    const user = await app.register();
    const other = strategy === 'session' ? 'jwt' : 'session';
    const reply = await app.client().post('/auth/login', { ...user, strategy: other });
    expect([reply.status, reply.body.code]).toEqual([400, 'validation_failed']);
    expect(reply.body.errors[0].field).toBe('strategy');
  });
});

describe('credential errors', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootService();
  });
  afterAll(() => app.close());

  it('look alike for an unknown user, a wrong password, an unverified and a banned user', async () => {
    const known = await app.register();
    const banned = await app.register({ changes: { bannedAt: new Date() } });
    await app.client().post('/auth/register', { email: 'unverified@example.com', password: 'correct horse staple' });
    const emails = [known.email, banned.email, 'unverified@example.com', 'nobody-at-all@example.com'];
    const replies = await Promise.all(
      emails.map((email) => app.client().post('/auth/login', { email, password: 'wrong horse staple' })),
    );
    expect(replies[0]!.body).toMatchObject({ status: 401, code: 'invalid_credentials' });
    expect(replies[0]!.headers.get('www-authenticate')).toBeTruthy();
    for (const reply of replies) expect(visible(reply)).toEqual(visible(replies[0]!));
    expect(new Set(replies.map(({ text }) => text.length)).size).toBe(1);
  });

  it('register a taken and a free address alike, and tell them apart in the mailbox only', async () => {
    const taken = await app.register();
    const body = { password: 'correct horse staple', name: 'X' };
    const [again, free] = await Promise.all([
      app.client().post('/auth/register', { ...body, email: taken.email }),
      app.client().post('/auth/register', { ...body, email: 'free-address@example.com' }),
    ]);
    expect(again.status).toBe(202);
    expect(visible(again)).toEqual(visible(free));
    await app.mailedToken('free-address@example.com');
    const subjects = async (to: string) => (await app.mails(to)).map(({ subject }) => subject);
    expect(await subjects(taken.email)).toHaveLength(2);
    expect((await subjects(taken.email))[0]).not.toEqual((await subjects('free-address@example.com'))[0]);
    // Nor by a login with the password just chosen.
    const logIns = await Promise.all(
      [taken.email, 'free-address@example.com'].map((email) =>
        app.client().post('/auth/login', { email, password: body.password }),
      ),
    );
    expect(logIns[0]!.body.code).toBe('invalid_credentials');
    expect(visible(logIns[0]!)).toEqual(visible(logIns[1]!));
    expect((await app.client().post('/auth/login', taken)).status).toBe(200);
  });

  it('answer a request for another verification mail alike for everyone', async () => {
    const verified = await app.register();
    await app.client().post('/auth/register', { email: 'waiting@example.com', password: 'correct horse staple' });
    const replies = await Promise.all(
      [verified.email, 'waiting@example.com', 'never-seen@example.com'].map((email) =>
        app.client().post('/auth/email/verification', { email }),
      ),
    );
    expect(replies[0]!.status).toBe(202);
    for (const reply of replies) expect(visible(reply)).toEqual(visible(replies[0]!));
  });
});

describe('a replaced part', () => {
  it.each([new NotFoundException('no such user'), new ForbiddenException('locked')])(
    'cannot tell more: %p',
    async (thrown) => {
      @Injectable()
      class TalkativeHasher {
        owns = () => true;
        hash = async () => 'hash';
        verify = async () => {
          throw thrown;
        };
      }
      const app = await bootService({}, [{ provide: PasswordHasher, useClass: TalkativeHasher }]);
      await app.app.get(UserStore, { strict: false }).insert({ email: 'ada@example.com', name: null });
      const reply = await app
        .client()
        .post('/auth/login', { email: 'ada@example.com', password: 'correct horse staple' });
      expect([reply.status, reply.body.code]).toEqual([401, 'invalid_credentials']);
      expect(reply.text).not.toContain(thrown.message);
      await app.close();
    },
  );
});
