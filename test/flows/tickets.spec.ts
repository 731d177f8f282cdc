import { connect } from 'node:net';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootHost } from '../boot-host.js';
import { bootWithMadeUsers } from './made-users.js';

const ANOTHER_KEY = 'YW5vdGhlciB0ZXN0IGtleSwgYWxzbyBvbmx5IGZvciA';

let app: AuthTestApp;
beforeAll(async () => {
  app = await bootWithMadeUsers();
});
afterAll(() => app.close());

describe('tickets', () => {
  it('N-23: a session cookie is never asked for in the body: the strategy says which transports it has', async () => {
    const person = await app.register();
    const count = async () => (await (await app.logInAgain(person)).get('/auth/sessions')).body.sessions.length;
    const before = await count();
    for (const transport of ['body', 'split']) {
      const reply = await app.client().post('/auth/login', { ...person, strategy: 'session', transport });
      expect([reply.status, reply.body.code, reply.body.errors?.[0]?.field]).toEqual([
        400,
        'validation_failed',
        'transport',
      ]);
      expect(reply.setCookies).toEqual([]);
    }
    expect(await count()).toBe(before + 1);
  });

  it('are delivered by the strategy the login asks for, both from one service', async () => {
    const browser = await app.logIn({ strategy: 'session' });
    const native = await app.logInAgain({ ...browser, strategy: 'jwt', transport: 'body' });
    expect(browser.accessToken).toBeUndefined();
    expect(native.cookie('session')).toBeUndefined();
    expect((await browser.get('/auth/me')).body.session.strategy).toBe('session');
    expect((await native.get('/auth/me')).body.session.strategy).toBe('jwt');
    const { body } = await native.get('/auth/sessions');
    expect(body.sessions.map((session: { strategy: string }) => session.strategy).sort()).toEqual(['jwt', 'session']);
  });

  it('are refused when two different ones come in one request', async () => {
    const one = await app.logIn({ strategy: 'session' });
    const two = await app.logIn({ strategy: 'jwt' });
    const mixed = await one.get('/auth/me', { authorization: `Bearer ${two.accessToken}` });
    expect([mixed.status, mixed.body.code]).toEqual([401, 'unauthenticated']);
    const other = await app.logIn({ strategy: 'session' });
    const shadowed = await app
      .client({ cookie: `session=${one.cookie('session')}; session=${other.cookie('session')}` })
      .get('/auth/me');
    expect([shadowed.status, shadowed.body.code]).toEqual([401, 'unauthenticated']);
  });

  it('of another strategy are cleared by a login, and do not contradict the new one', async () => {
    const browser = await app.logIn({ strategy: 'session' });
    const { email, password } = browser;
    const before = browser.copy();
    expect((await browser.post('/auth/login', { email, password, strategy: 'jwt', transport: 'cookie' })).status).toBe(
      200,
    );
    expect([browser.cookie('session'), browser.cookie('access')]).toEqual([undefined, expect.any(String)]);
    expect((await browser.get('/auth/me')).body.session.strategy).toBe('jwt');
    expect((await before.get('/auth/me')).body.code).toBe('session_ended');
    expect((await browser.post('/auth/login', { email, password, strategy: 'session' })).status).toBe(200);
    expect([browser.cookie('session'), browser.cookie('access'), browser.cookie('refresh')]).toEqual([
      expect.any(String),
      undefined,
      undefined,
    ]);
    expect((await browser.get('/auth/me')).body.session.strategy).toBe('session');
  });

  it('of one kind never stand in for another', async () => {
    const browser = await app.logIn({ strategy: 'session' });
    const native = await app.logInAgain({ ...browser, strategy: 'jwt', transport: 'body' });
    const { body } = await native.post('/auth/refresh', { refreshToken: native.refreshToken });
    const values = [browser.cookie('session')!, native.accessToken!, body.refreshToken as string];
    const slots = {
      sessionCookie: (value: string) => app.client({ cookie: `session=${value}` }).get('/auth/me'),
      bearer: (value: string) => app.client({ authorization: `Bearer ${value}` }).get('/auth/me'),
      refresh: (value: string) => app.client().post('/auth/refresh', { refreshToken: value }),
    };
    const table = await Promise.all(
      Object.values(slots).map((send) => Promise.all(values.map(async (value) => (await send(value)).status))),
    );
    expect(table).toEqual([
      [200, 401, 401],
      [401, 200, 401],
      [401, 401, 200],
    ]);
  });

  it('are never accepted from a query string or a body', async () => {
    const browser = await app.logIn({ strategy: 'session' });
    const native = await app.logIn({ strategy: 'jwt' });
    const paths = [
      `/auth/me?session=${browser.cookie('session')}`,
      `/auth/me?access_token=${native.accessToken}`,
      `/auth/me?token=${native.accessToken}`,
    ];
    for (const path of paths) expect((await app.client().get(path)).status).toBe(401);
    const body = await app.client().post('/auth/logout-all', { access_token: native.accessToken });
    expect(body.status).toBe(401);
  });

  it('that were never minted are refused before any store is asked', async () => {
    const odd = ['', 'x', 'a.b', `${'0'.repeat(36)}.${'A'.repeat(43)}`, 'get sentinel', 'x'.repeat(300), '%00', "';--"];
    for (const value of odd) {
      const reply = await app.client({ cookie: `session=${value}` }).get('/auth/me');
      expect([value, reply.status, reply.body.code]).toEqual([value, 401, 'unauthenticated']);
    }
  });

  it('with a right id and a wrong secret are refused, and the session lives on', async () => {
    const user = await app.logIn({ strategy: 'session' });
    const forged = `${user.sessionId}.${'A'.repeat(43)}`;
    const reply = await app.client({ cookie: `session=${forged}` }).get('/auth/me');
    expect([reply.status, reply.body.code]).toEqual([401, 'unauthenticated']);
    expect((await app.client({ cookie: `session=${forged}` }).post('/auth/logout')).status).toBe(204);
    expect((await user.get('/auth/me')).status).toBe(200);
  });
});

describe('a logout', () => {
  it('ends every session the request holds, also one behind a planted cookie', async () => {
    const planted = await app.logIn({ strategy: 'session' });
    const own = await app.logIn({ strategy: 'session' });
    const cookie = `session=${planted.cookie('session')}; session=${own.cookie('session')}`;
    expect((await app.client({ cookie }).post('/auth/logout')).status).toBe(204);
    expect((await own.get('/auth/me')).body.code).toBe('session_ended');
    expect((await planted.get('/auth/me')).body.code).toBe('session_ended');
  });

  it('by a bearer token passes, wherever the page comes from', async () => {
    const user = await app.logIn({ strategy: 'jwt', transport: 'body' });
    const foreign = { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' };
    expect((await user.post('/auth/logout', undefined, foreign)).status).toBe(204);
    expect((await user.get('/auth/me')).body.code).toBe('session_ended');
  });
});

describe('cookies', () => {
  it('whose name only looks like ours are not ours', async () => {
    const user = await app.logIn({ strategy: 'session' });
    // A no-break space: browsers see no __Host- prefix in such a name, so a sibling domain may set it.
    const reply = await rawGet(app.url, '/auth/me', Buffer.from(`\xa0session=${user.cookie('session')}`, 'latin1'));
    expect(reply).toMatch(/^HTTP\/1.1 401 /);
  });

  it('are __Host-, HttpOnly, Secure, SameSite and of finite life on https', async () => {
    const app = await bootWithMadeUsers({ publicUrl: 'https://auth.example.com' });
    const user = await app.register();
    const session = await app.client().post('/auth/login', { ...user, strategy: 'session' });
    expect(session.setCookies.map((line) => line.split('=')[0])).toEqual(['__Host-session', '__Host-device']);
    expect(session.setCookies[0]).toMatch(/^__Host-session=[0-9a-f-]{36}\.[A-Za-z0-9_-]{43}; /);
    expect(attributes(session.setCookies[0]!)).toEqual([
      'HttpOnly',
      'Max-Age=2592000',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
    const tokens = await app.client().post('/auth/login', { ...user, strategy: 'jwt', transport: 'cookie' });
    const named = (name: string) => tokens.setCookies.find((line) => line.startsWith(`${name}=`))!;
    expect(attributes(named('__Host-access'))).toEqual([
      'HttpOnly',
      'Max-Age=604800',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
    expect(attributes(named('__Host-refresh'))).toEqual([
      'HttpOnly',
      'Max-Age=604800',
      'Path=/',
      'SameSite=Lax',
      'Secure',
    ]);
    expect(tokens.text).not.toContain('eyJ');
    expect(session.text).not.toContain(session.setCookies[0]!.split(/[.;]/)[1]!);
    await app.close();
  });

  it('of unsafe requests from other sites are refused, and of safe ones accepted', async () => {
    const user = await app.logIn({ strategy: 'session' });
    const foreign = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'http://evil.localhost:3000' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ];
    for (const headers of foreign) {
      for (const path of ['/auth/logout-all', '/auth/logout', '/auth/login', '/auth/register', '/auth/refresh']) {
        const reply = await user.copy().post(path, undefined, headers as Record<string, string>);
        expect([path, reply.status, reply.body?.code]).toEqual([path, 403, 'csrf_rejected']);
        expect(reply.setCookies).toEqual([]);
      }
      expect((await user.get('/auth/me', headers as Record<string, string>)).status).toBe(200);
    }
    const own = { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-origin' };
    expect((await user.post('/auth/logout', undefined, own)).status).toBe(204);
  });

  it('are no concern of a bearer token: another site cannot send it', async () => {
    const user = await app.logIn({ strategy: 'jwt', transport: 'body' });
    expect((await user.post('/auth/logout-all', {}, { origin: 'https://partner.example' })).status).toBe(204);
  });
});

describe('two applications in one process', () => {
  it('accept their own tickets and not each other’s', async () => {
    const [first, second] = await Promise.all([
      bootHost({}),
      bootHost({ adapter: 'express', options: { secretKey: ANOTHER_KEY } }),
    ]);
    for (const strategy of ['session', 'jwt'] as const) {
      const email = `both-${strategy}@example.com`;
      const ours = await first.logIn({ email, strategy });
      const theirs = await second.logIn({ email, strategy });
      const credential = strategy === 'session' ? { cookie: `session=${ours.cookie('session')}` } : ours.defaults;
      expect((await ours.get('/auth/me')).status).toBe(200);
      expect((await theirs.get('/auth/me')).status).toBe(200);
      expect((await second.client(credential).get('/auth/me')).status).toBe(401);
      expect((await ours.get('/auth/me')).status).toBe(200);
    }
    await Promise.all([first.close(), second.close()]);
  });
});

/** A request whose cookie header is sent byte for byte. */
function rawGet(baseUrl: string, path: string, cookie: Buffer): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncookie: `);
      socket.write(cookie);
      socket.write('\r\n\r\n');
    });
    let text = '';
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
  });
}

function attributes(line: string): string[] {
  return line
    .split('; ')
    .slice(1)
    .filter((attribute) => !attribute.startsWith('Expires='))
    .sort();
}
