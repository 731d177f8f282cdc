import { ForbiddenException, Injectable, NotFoundException } from '@nestjs/common';
import { PasswordHasher } from '../../src/factors/password/password-hasher.js';
import type { AuthTestApp, TestReply } from '../../src/testing/index.js';
import { UserStore } from '../../src/users/user.store.js';
import { bootService } from './combinations.js';

/** Those of the last tell a client of its own requests before. */
const BY_NATURE = ['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset'];

/** All of a reply that a client can compare, without what differs by nature. */
function visible({ status, headers, body }: TestReply): unknown {
  const kept = [...headers].filter(([name]) => !BY_NATURE.includes(name));
  return { status, headers: kept, body: { ...body, requestId: '' } };
}

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
    expect(logIns[0]!.body.code).toBe('email_unverified');
    expect(visible(logIns[0]!)).toEqual(visible(logIns[1]!));
    expect((await app.client().post('/auth/login', taken)).status).toBe(200);
  });

  it('answer a request for another verification mail alike for everybody', async () => {
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
