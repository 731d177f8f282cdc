import { createHash } from 'node:crypto';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { overStrategies } from './combinations.js';
import { bootWithMadeUsers } from './made-users.js';

const digest = (id: string) => createHash('sha256').update(id).digest('hex').slice(0, 8);
const hintIn = (lines: readonly string[]) => lines.filter((line) => line.startsWith('coatcheck-hint='));

describe('GET /auth/me', () => {
  let app: AuthTestApp;
  beforeAll(async () => {
    app = await bootWithMadeUsers({ authStrategies: ['session', 'jwt'] });
  });
  afterAll(() => app.close());

  const tagOf = async (user: TestUser) => (await user.get('/auth/me')).headers.get('etag')!;
  const ask = (user: TestUser, tag: string) => user.get('/auth/me', { 'if-none-match': tag });

  overStrategies((strategy) => {
    it('is 304 without a body while nothing has changed but the times of the session', async () => {
      const user = await app.logIn({ strategy });
      const tag = await tagOf(user);
      expect(tag).toMatch(/^W\/"[\w-]{22}"$/);
      app.clock.advance(120);
      expect(await tagOf(user)).toBe(tag);
      for (const known of [tag, tag.slice(2), `"other", ${tag}`, '*']) {
        const reply = await ask(user, known);
        expect([reply.status, reply.text, reply.headers.get('etag')]).toEqual([304, '', tag]);
      }
    });

    it('is 200 with the user for an outdated tag, another user’s tag, or a malformed one', async () => {
      const [user, other] = [await app.logIn({ strategy }), await app.logIn({ strategy })];
      const before = await tagOf(user);
      await user.patch('/auth/me', { name: 'Ada King' });
      for (const tag of [before, await tagOf(other), '', '""', 'W/', before.slice(0, -2), `${before}x`]) {
        const reply = await ask(user, tag);
        expect([tag, reply.status, reply.body?.user.name]).toEqual([tag, 200, 'Ada King']);
      }
    });

    it('of a session that has ended is refused, whatever tag comes with it', async () => {
      const user = await app.logIn({ strategy });
      const [copy, tag] = [user.copy(), await tagOf(user)];
      const ticket: Record<string, string> = user.accessToken ? { authorization: `Bearer ${user.accessToken}` } : {};
      await user.post('/auth/logout');
      const reply = await copy.get('/auth/me', { ...ticket, 'if-none-match': tag });
      expect([reply.status, reply.body.code]).toEqual([401, 'session_ended']);
    });
  });
});

it.each(['fastify', 'express'] as const)('GET /auth/me is 304 in a host on %s too', async (adapter) => {
  const app = await bootHost({ adapter, options: { authStrategies: ['session'] } });
  const user = await app.logIn();
  const tag = (await user.get('/auth/me')).headers.get('etag')!;
  const reply = await user.get('/auth/me', { 'if-none-match': tag });
  expect([reply.status, reply.text, reply.headers.get('etag')]).toEqual([304, '', tag]);
  await app.close();
});

describe('the hint cookie', () => {
  it('is not there unless it was asked for', async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['session', 'jwt'] });
    const user = await app.register();
    const login = await app.client().post('/auth/login', user);
    expect([login.status, hintIn(login.setCookies)]).toEqual([200, []]);
    await app.close();
  });

  it('tells scripts which session it is, by a digest, and goes with it', async () => {
    const publicUrl = 'https://auth.example.com';
    const app = await bootWithMadeUsers({ authStrategies: ['session', 'jwt'], hintCookie: true, publicUrl });
    const user = await app.register();
    for (const ways of [{ strategy: 'session' }, { strategy: 'jwt' }, { strategy: 'jwt', transport: 'cookie' }]) {
      const browser = app.client();
      const login = await browser.post('/auth/login', { ...user, ...ways });
      const id: string = login.body.session.id;
      const [hint, ...others] = hintIn(login.setCookies);
      expect(others).toEqual([]);
      expect(hint).toMatch(
        new RegExp(`^coatcheck-hint=${digest(id)}; Path=/; Max-Age=\\d+; Secure; SameSite=Lax$`, 'i'),
      );
      const logout = await browser.post('/auth/logout', undefined, {
        ...(login.body.accessToken && { authorization: `Bearer ${login.body.accessToken}` }),
      });
      expect([logout.status, hintIn(logout.setCookies).length, browser.cookie('coatcheck-hint')]).toEqual([
        204,
        expect.any(Number),
        undefined,
      ]);
    }
    await app.close();
  });

  it('is renewed by a refresh, and not given to clients that keep their tokens themselves', async () => {
    const app = await bootWithMadeUsers({ authStrategies: ['jwt'], hintCookie: true });
    const user = await app.logIn({ transport: 'split' });
    const refreshed = await user.post('/auth/refresh');
    expect(hintIn(refreshed.setCookies)).toEqual([expect.stringContaining(`=${digest(user.sessionId)};`)]);
    const native = await app.logIn({ transport: 'body' });
    expect(native.cookie('coatcheck-hint')).toBeUndefined();
    const reply = await native.post('/auth/refresh', { refreshToken: native.refreshToken });
    expect([reply.status, hintIn(reply.setCookies)]).toEqual([200, []]);
    await app.close();
  });
});
