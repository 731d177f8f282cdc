import { request } from 'node:http';
import { Logger } from '@nestjs/common';
import { bootHost } from '../../../test/boot-host.js';
import type { AuthTestApp } from '../../testing/index.js';

describe.each(['fastify', 'express'] as const)('tokens on %s', (adapter) => {
  let app: AuthTestApp;
  beforeAll(async () => {
    jest.spyOn(Logger.prototype, 'warn').mockImplementation();
    app = await bootHost({ adapter, options: { authStrategies: ['jwt'] } });
  });
  afterAll(async () => {
    await app.close();
    jest.restoreAllMocks();
  });

  const lineOf = (lines: readonly string[], name: string) => lines.find((line) => line.startsWith(`${name}=`));

  it('stay in cookies for a client that had both there, expired or not', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    app.clock.advance(906);
    expect((await user.get('/auth/me')).body.code).toBe('token_expired');
    const reply = await user.post('/auth/refresh');
    expect(reply.status).toBe(200);
    expect(lineOf(reply.setCookies, 'access')).toMatch(/; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/);
    expect(lineOf(reply.setCookies, 'refresh')).toMatch(/; Path=\/; Max-Age=604800; HttpOnly; SameSite=Lax$/);
    expect(reply.text).not.toContain(user.cookie('refresh')!.slice(0, 80));
    expect((await user.get('/auth/me')).status).toBe(200);
    expect((await user.post('/auth/refresh')).status).toBe(200);
  });

  it('set no access cookie for a client that had only the refresh token in one', async () => {
    const user = await app.logIn({ transport: 'split' });
    const reply = await user.post('/auth/refresh');
    expect(reply.setCookies.map((line) => line.split('=')[0])).toEqual(['refresh']);
  });

  it('leave no cookie of an earlier login that would contradict them', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const { email, password } = user;
    const reply = await user.post('/auth/login', { email, password, transport: 'body' });
    expect(user.cookie('access')).toBeUndefined();
    expect(user.cookie('refresh')).toBeUndefined();
    const me = await user.get('/auth/me', { authorization: `Bearer ${reply.body.accessToken}` });
    expect(me.status).toBe(200);
  });

  it('are refused when the refresh token in the body is another than in the cookie, and nothing is revoked', async () => {
    const one = await app.logIn({ transport: 'split' });
    const two = await app.logIn({ transport: 'body' });
    const reply = await one.post('/auth/refresh', { refreshToken: two.refreshToken });
    expect([reply.status, reply.body.code]).toEqual([401, 'unauthenticated']);
    const cookies = `refresh=${one.cookie('refresh')}; refresh=${two.refreshToken}`;
    expect((await app.client({ cookie: cookies }).post('/auth/refresh')).status).toBe(401);
    expect((await one.post('/auth/refresh')).status).toBe(200);
    expect((await two.post('/auth/refresh', { refreshToken: two.refreshToken })).status).toBe(200);
  });

  it('lose their cookies when a reuse ends the session, and keep them when there was nothing to end', async () => {
    const user = await app.logIn({ transport: 'cookie' });
    const thief = user.copy();
    await user.post('/auth/refresh');
    await user.get('/auth/me');
    app.clock.advance(31);
    const guess = await app.client({ cookie: `refresh=${user.sessionId}.${'A'.repeat(43)}` }).post('/auth/refresh');
    expect([guess.status, guess.body.code, guess.setCookies]).toEqual([401, 'unauthenticated', []]);
    const reuse = await thief.post('/auth/refresh');
    expect([reuse.status, reuse.body.code]).toEqual([401, 'session_ended']);
    expect([thief.cookie('access'), thief.cookie('refresh')]).toEqual([undefined, undefined]);
    expect((await user.get('/auth/me')).body.code).toBe('session_ended');
  });

  it('never asked for by their owner do not keep a session alive: a guessed refresh token leaves no last-seen update', async () => {
    const user = await app.logIn({ transport: 'body' });
    const seen = async () => (await user.get('/auth/sessions')).body.sessions[0].lastSeenAt;
    const before = await seen();
    app.clock.advance(59);
    await user.post('/auth/refresh', { refreshToken: `${user.sessionId}.${'A'.repeat(43)}` });
    expect(await seen()).toBe(before);
    app.clock.advance(2);
    await user.post('/auth/refresh', { refreshToken: `${user.sessionId}.${'A'.repeat(43)}` });
    const other = await app.logInAgain({ ...user, transport: 'body' });
    const { sessions } = (await other.get('/auth/sessions')).body;
    expect(sessions.find((session: { id: string }) => session.id === user.sessionId).lastSeenAt).toBe(before);
  });

  it.each(['an expired access token', 'a spent refresh token'])(
    'end their session at a logout with %s',
    async (held) => {
      const user = await app.logIn({ transport: 'body' });
      const { body } = await app.client().post('/auth/refresh', { refreshToken: user.refreshToken });
      app.clock.advance(1000);
      const client =
        held === 'an expired access token'
          ? app.client({ authorization: `Bearer ${user.accessToken}` })
          : app.client({ cookie: `refresh=${user.refreshToken}` });
      expect((await client.post('/auth/logout')).status).toBe(204);
      const later = await app.client().post('/auth/refresh', { refreshToken: body.refreshToken });
      expect(later.body.code).toBe('session_ended');
    },
  );

  it('are refused when two Authorization headers bring different ones', async () => {
    const [one, two] = [await app.logIn({ transport: 'body' }), await app.logIn({ transport: 'body' })];
    const ask = (...tokens: (string | undefined)[]) =>
      new Promise((resolve, reject) => {
        const headers = tokens.flatMap((token) => ['Authorization', `Bearer ${token}`]);
        const sent = request(`${app.url}/auth/me`, { headers: ['Host', 'localhost', ...headers] as never });
        sent
          .on('response', (reply) => resolve(reply.resume().statusCode))
          .on('error', reject)
          .end();
      });
    expect(await ask(one.accessToken)).toBe(200);
    expect(await ask(one.accessToken, two.accessToken)).toBe(401);
    expect(await ask('x', two.accessToken)).toBe(401);
  });

  it('can be verified by any party with the published keys, which may be cached and hold nothing private', async () => {
    const reply = await app.client().get('/.well-known/jwks.json');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('cache-control')).toBe('public, max-age=300');
    const coordinate = expect.stringMatching(/^[\w-]{43}$/);
    const kid = coordinate;
    expect(reply.body).toEqual({
      keys: [{ kty: 'EC', crv: 'P-256', x: coordinate, y: coordinate, kid, alg: 'ES256', use: 'sig' }],
    });
  });
});

it('without the strategy jwt nothing is published and nothing refreshed', async () => {
  jest.spyOn(Logger.prototype, 'warn').mockImplementation();
  const app = await bootHost({ options: { authStrategies: ['session'] } });
  expect((await app.client().get('/.well-known/jwks.json')).status).toBe(404);
  const refreshToken = `${crypto.randomUUID()}.${'A'.repeat(43)}`;
  expect((await app.client().post('/auth/refresh', { refreshToken })).status).toBe(404);
  await app.close();
  jest.restoreAllMocks();
});
