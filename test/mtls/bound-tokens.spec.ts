import { Authority, type Identity, removeFolders } from './authority.js';
import { ADAPTERS, bootTls, type TlsApp } from './tls-app.js';
import { call } from './tls-client.js';

const root = new Authority('/CN=Laptops');
const [own, others] = [root.issue({ subject: '/CN=ada' }), root.issue({ subject: '/CN=eve' })];
const REFUSED = [401, 'unauthenticated'];
afterAll(removeFolders);

const told = ({ status, body }: { status: number; body: { code?: string } }) => [status, body?.code];

// KEY-09: certificate-bound tokens fail with another or no certificate (RFC 8705 §3, §9.1).
describe.each(ADAPTERS)('a token handed out over a connection with a certificate, on %s (KEY-09)', (adapter) => {
  let app: TlsApp;
  let login: { email: string; password: string };
  beforeAll(async () => {
    app = await bootTls(adapter, { authStrategies: ['jwt'], tlsClientCa: root.certFile, mtlsBindTokens: true });
    login = await app.register();
  });
  afterAll(() => app.close());

  const post = (path: string, identity: Identity | undefined, body: object, headers?: Record<string, string>) =>
    call(app.url + path, { identity, headers }, undefined, 'POST', body);
  const logIn = async (identity?: Identity) =>
    (await post('/auth/login', identity, { ...login, strategy: 'jwt', transport: 'body' })).body;
  const me = (identity: Identity | undefined, token: string) =>
    app.as(identity, '/auth/me', { authorization: `Bearer ${token}` });
  const claims = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

  it('names it, and is good with it only', async () => {
    const { accessToken } = await logIn(own);
    expect(claims(accessToken).cnf).toEqual({ 'x5t#S256': own.thumbprint });
    expect((await me(own, accessToken)).status).toBe(200);
    expect(told(await me(others, accessToken))).toEqual(REFUSED);
    expect(told(await me(undefined, accessToken))).toEqual(REFUSED);
    expect(
      told(
        await app.as(undefined, '/auth/me', {
          authorization: `Bearer ${accessToken}`,
          'client-cert': `:${own.cert.replace(/-----[^-]+-----|\s/g, '')}:`,
        }),
      ),
    ).toEqual(REFUSED);
    expect((await me(own, accessToken)).status).toBe(200);
  });

  it('is refreshed with it only, and a thief’s try ends nothing', async () => {
    const { refreshToken } = await logIn(own);
    for (const wrong of [others, undefined])
      expect(told(await post('/auth/refresh', wrong, { refreshToken }))).toEqual(REFUSED);
    const fresh = await post('/auth/refresh', own, { refreshToken });
    expect([fresh.status, claims(fresh.body.accessToken).cnf]).toEqual([200, { 'x5t#S256': own.thumbprint }]);
    expect(told(await post('/auth/refresh', others, { refreshToken: fresh.body.refreshToken }))).toEqual(REFUSED);
    expect((await post('/auth/refresh', own, { refreshToken: fresh.body.refreshToken })).status).toBe(200);
  });

  it('ends its session by a logout with it only', async () => {
    const { accessToken } = await logIn(own);
    const logout = (identity?: Identity) =>
      post('/auth/logout', identity, {}, { authorization: `Bearer ${accessToken}` });
    expect([(await logout(others)).status, (await me(own, accessToken)).status]).toEqual([204, 200]);
    expect([(await logout(own)).status, told(await me(own, accessToken))]).toEqual([204, [401, 'session_ended']]);
  });

  it('without one is bound to none, and good with any', async () => {
    const { accessToken, refreshToken } = await logIn();
    expect(claims(accessToken).cnf).toBeUndefined();
    expect([(await me(undefined, accessToken)).status, (await me(own, accessToken)).status]).toEqual([200, 200]);
    const fresh = await post('/auth/refresh', own, { refreshToken });
    expect([fresh.status, claims(fresh.body.accessToken).cnf]).toEqual([200, { 'x5t#S256': own.thumbprint }]);
  });
});

it('no token is bound unless MTLS_BIND_TOKENS says so', async () => {
  const app = await bootTls('fastify', { tlsClientCa: root.certFile });
  const login = { ...(await app.register()), strategy: 'jwt', transport: 'body' };
  const { body } = await call(`${app.url}/auth/login`, { identity: own }, undefined, 'POST', login);
  expect((await app.as(undefined, '/auth/me', { authorization: `Bearer ${body.accessToken}` })).status).toBe(200);
  await app.close();
});
