import { type ChildProcess, spawn } from 'node:child_process';
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
  X509Certificate,
} from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { SignJWT } from 'jose';
import { Client } from 'pg';
import { TestClient, type TestReply } from '../../../src/testing/index.js';
import { Authority, removeFolders } from '../../mtls/authority.js';
import { basic, pkce, type TestOAuthClient } from '../../oauth/oauth-node.js';
import { reservePort } from '../../ports.mjs';
import { freshDatabase, type TestDatabase } from '../../real-postgres.js';

const MAIN = resolve(__dirname, '../../../dist/src/main.js');
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const API = 'https://api.example.com/';
const CALLBACK = 'https://app.example.com/callback';
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Fields of replies that open something. */
const SECRET_FIELDS = ['access_token', 'refresh_token', 'id_token', 'device_code', 'user_code', 'client_secret'];
const OTHER_FIELDS = ['registration_access_token', 'clientSecret', 'token', 'request_uri'];
const PLACES = ['log', 'rows of the database', 'metrics', 'refusals'] as const;

/** Everything that was secret, by what it is, and everything that was refused, as it went by. */
class Witness extends TestClient {
  static readonly secrets = new Map<string, string>();
  static readonly refusals: string[] = [];

  override async request(...given: Parameters<TestClient['request']>): Promise<TestReply> {
    const reply = await super.request(...given);
    for (const line of reply.setCookies)
      Witness.keep(
        `cookie ${line.split('=', 1)[0]}`,
        decodeURIComponent(line.slice(line.indexOf('=') + 1, line.indexOf(';'))),
      );
    for (const name of [...SECRET_FIELDS, ...OTHER_FIELDS]) {
      if (typeof reply.body?.[name] === 'string') Witness.keep(name, reply.body[name]);
    }
    const code = /[?&]code=([^&]+)/.exec(reply.headers.get('location') ?? '')?.[1];
    if (code) Witness.keep('code', code);
    if (reply.status >= 400) Witness.refusals.push(reply.text);
    return reply;
  }

  /** The part that opens something: of `<id>.<secret>` and of a JWT the last. */
  static keep(name: string, value: string): string {
    const secret = value.split(/[.]|:(?=[^:]+$)/).at(-1)!;
    if (secret.length >= 9) Witness.secrets.set(secret, name);
    return value;
  }
}

describe('no secret of the provider is found where it must not be, with all that can be logged', () => {
  const password = `canary ${randomBytes(12).toString('hex')}`;
  const bootstrapToken = `canary-bootstrap-${randomBytes(16).toString('hex')}`;
  const ofFile = `canary-file-${randomBytes(16).toString('hex')}`;
  const folder = mkdtempSync(join(tmpdir(), 'oauth-secrets-'));
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const authority = new Authority('/CN=Of clients');
  let database: TestDatabase;
  let receiver: Server;
  let told: string[] = [];
  let child: ChildProcess;
  let url: string;
  let managementPort: number;
  let admin: Witness;
  const found: Record<(typeof PLACES)[number], string> = {
    log: '',
    'rows of the database': '',
    metrics: '',
    refusals: '',
  };

  beforeAll(async () => {
    database = await freshDatabase();
    receiver = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        told = [...told, new URLSearchParams(body).get('logout_token') ?? ''];
        // The first is refused, so that there is something to log.
        response.writeHead(told.length === 1 ? 500 : 200).end();
      });
    });
    await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
    await start();
    await everyFlow();
    found.metrics = await (await fetch(`http://127.0.0.1:${managementPort}/metrics`)).text();
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await gone;
    found['rows of the database'] = await everyRow();
    // A page leads to itself in another language: by the address that the browser has sent.
    found.refusals = Witness.refusals.join('\n').replace(/^.*hreflang=.*$/gm, '');
  }, 240_000);
  afterAll(async () => {
    // Where a flow has failed it lives still, and would keep the run from ending.
    child?.kill('SIGKILL');
    receiver?.close();
    await database?.drop();
    rmSync(folder, { recursive: true });
    removeFolders();
  });

  it('has seen enough to mean something', () => {
    const kinds = new Set(Witness.secrets.values());
    expect(
      [
        ...SECRET_FIELDS,
        ...OTHER_FIELDS,
        'code',
        'cookie session',
        'verifier',
        'assertion',
        'proof of a key',
        'logout_token',
      ].filter((kind) => !kinds.has(kind)),
    ).toEqual([]);
    expect(Witness.secrets.size).toBeGreaterThan(30);
    expect(Witness.refusals.length).toBeGreaterThan(10);
    for (const said of ['[audit]', 'oidc-provider:']) expect(found.log).toContain(said);
    for (const event of ['oauth.code.replayed', 'oauth.refresh_token.reused', 'oauth.client_authentication.failed'])
      expect(found['rows of the database']).toContain(event);
    expect(found.metrics).toContain('coatcheck_oauth_');
  });

  it.each(PLACES)('not in the %s', (place) => {
    const shown = [...Witness.secrets].filter(([secret]) => found[place].includes(secret));
    // With the line, or who finds it again has to search for it.
    const lineOf = (secret: string) =>
      found[place]
        .split('\n')
        .find((line) => line.includes(secret))!
        .slice(0, 2_000);
    expect(shown.map(([secret, name]) => `${name} ${secret}: ${lineOf(secret)}`)).toEqual([]);
  });

  async function start(): Promise<void> {
    const port = await reservePort();
    managementPort = await reservePort();
    url = `http://localhost:${port}`;
    const file = join(folder, 'clients.json');
    const listed = {
      id: 'listed',
      name: 'Listed',
      type: 'confidential',
      redirectUris: [CALLBACK],
      clientSecret: ofFile,
    };
    writeFileSync(file, JSON.stringify([{ ...listed, firstParty: true }]));
    const env = {
      ...process.env,
      NODE_ENV: 'development',
      DATABASE_URL: database.url,
      SECRET_KEY: Witness.keep('SECRET_KEY', randomBytes(32).toString('base64url')),
      BOOTSTRAP_TOKEN: bootstrapToken,
      AUTH_STRATEGIES: 'session,oauth,mtls',
      TRUSTED_PROXIES: '127.0.0.1,::1',
      MTLS_HEADER: 'rfc9440',
      MTLS_ANCHORS: `default=${authority.certFile}`,
      OAUTH_REGISTRATION: 'token',
      OAUTH_CLIENTS: file,
      LOG_LEVEL: 'verbose',
      DEBUG: '*',
      LOGIN_ATTEMPTS: '1000',
      // A busy machine is no matter here.
      PASSWORD_HASH_WAIT_SECONDS: '60',
      REQUEST_DEADLINE_SECONDS: '120',
      PUBLIC_URL: url,
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
    };
    for (const secret of [password, bootstrapToken, ofFile]) Witness.keep('given', secret);
    child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    await new Promise<void>((ready, fail) => {
      const read = (chunk: Buffer) => {
        found.log += chunk;
        if (/listens on http/.test(found.log)) ready();
      };
      child.stdout!.on('data', read);
      child.stderr!.on('data', read);
      child.once('exit', () => fail(new Error(found.log)));
    });
  }

  async function everyFlow(): Promise<void> {
    const email = `canary-${randomBytes(4).toString('hex')}@example.com`;
    admin = new Witness(url);
    await expected(201, admin.post('/admin/bootstrap', { token: bootstrapToken, email, password }));
    await expected(200, admin.post('/auth/login', { email, password, strategy: 'session' }));
    await expected(
      200,
      admin.put(`/admin/resources/${encodeURIComponent(API)}`, { scopes: { 'orders:read': 'Read' } }),
    );
    await codes(await made({ firstParty: true }));
    await codes({ id: 'listed', secret: ofFile, redirectUri: CALLBACK });
    await consent(await made({}));
    await devices(await made({ type: 'public', redirectUris: [], grantTypes: [DEVICE_CODE, 'refresh_token'] }));
    await clientsThemselves();
    await keys(await made({ firstParty: true, dpopBoundAccessTokens: true }));
    await certificates();
    await registration();
    await logout(await made({ firstParty: true, backchannelLogoutUri: uriOfReceiver() }));
  }

  const uriOfReceiver = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/logout`;

  async function made(params: object): Promise<TestOAuthClient> {
    const usual = {
      name: 'Canary',
      type: 'confidential',
      redirectUris: [CALLBACK],
      resources: [API],
      scopes: ['orders:read'],
    };
    const { client, clientSecret } = await expected(201, admin.post('/admin/clients', { ...usual, ...params }));
    if (clientSecret) Witness.keep('clientSecret', clientSecret);
    return { id: client.id, secret: clientSecret, redirectUri: CALLBACK };
  }

  function form(path: string, fields: object, client?: TestOAuthClient, headers = {}): Promise<TestReply> {
    const proof: Record<string, string> = client?.secret ? { authorization: basic(client) } : {};
    const all = client && !client.secret ? { client_id: client.id, ...fields } : fields;
    return new Witness(url).request('POST', path, String(new URLSearchParams(all as Record<string, string>)), {
      ...FORM,
      ...proof,
      ...headers,
    });
  }

  async function codeOf(client: TestOAuthClient, more: Record<string, string> = {}) {
    const proof = pkce();
    Witness.keep('verifier', proof.verifier);
    const query = new URLSearchParams({
      ...{
        client_id: client.id,
        response_type: 'code',
        redirect_uri: CALLBACK,
        scope: 'openid email offline_access orders:read',
      },
      ...{ state: 'a-state', code_challenge: proof.challenge, code_challenge_method: 'S256', ...more },
    });
    let reply = await admin.get(`/oauth/authorize?${query}`);
    // Where it is to be agreed to, by the routes for a page of an application's own.
    const asked = /\/oauth\/interaction\/[\w-]+/.exec(reply.headers.get('location') ?? '')?.[0];
    if (asked) {
      await expected(200, admin.get(asked, { accept: 'application/json' }));
      const { redirectTo } = await expected(200, admin.post(`${asked}/consent`, { accept: true }));
      reply = await admin.get(redirectTo.slice(url.length));
    }
    const code = new URL(reply.headers.get('location')!).searchParams.get('code');
    if (code === null) throw new Error(`no code: ${reply.status} ${reply.headers.get('location')}`);
    return {
      code,
      fields: { grant_type: 'authorization_code', code, redirect_uri: CALLBACK, code_verifier: proof.verifier },
    };
  }

  async function codes(client: TestOAuthClient): Promise<void> {
    for (const more of [{}, client.id === 'listed' ? {} : { resource: API }] as Record<string, string>[]) {
      const { fields } = await codeOf(client, more);
      await form('/oauth/token', fields, { ...client, secret: `${client.secret}x` });
      await form('/oauth/token', { ...fields, code: `${fields.code}x` }, client);
      const tokens = await expected(200, form('/oauth/token', fields, client));
      await abuse(tokens.access_token);
      await form('/oauth/introspect', { token: tokens.access_token }, client);
      await form('/oauth/introspect', { token: tokens.refresh_token }, client);
      const next = await expected(
        200,
        form('/oauth/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }, client),
      );
      await form('/oauth/token', { grant_type: 'refresh_token', refresh_token: next.refresh_token }, client);
      // A successor has been used: reuse.
      await form('/oauth/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }, client);
      await form('/oauth/token', fields, client);
      await form('/oauth/revoke', { token: next.access_token }, client);
      await form('/oauth/revoke', { token: next.refresh_token }, client);
    }
    const { fields } = await codeOf(client);
    await form('/oauth/token', { ...fields, code_verifier: 'a'.repeat(43) }, client);
    const again = await codeOf(client);
    await expected(200, form('/oauth/token', again.fields, client));
    await expected(400, form('/oauth/token', again.fields, client));
  }

  /** Where a token has nothing to do. */
  async function abuse(token: string): Promise<void> {
    const anybody = new Witness(url);
    for (const scheme of ['Bearer', 'DPoP', 'Basic'])
      for (const path of ['/oauth/userinfo', '/auth/me', '/admin/users'])
        await anybody.get(path, { authorization: `${scheme} ${token}` });
    await anybody.get(`/oauth/userinfo?access_token=${token}`);
    await anybody.get(`/oauth/authorize?client_id=${token}&code=${token}`);
    await anybody.get(`/oauth/${token}`);
    await anybody.post('/oauth/userinfo', { access_token: token });
    await form('/oauth/token', { grant_type: token, client_id: token, client_secret: token });
    await form('/oauth/introspect', { token, client_assertion: token, client_assertion_type: ASSERTION });
  }

  async function consent(client: TestOAuthClient): Promise<void> {
    const { fields } = await codeOf(client, { resource: API });
    const tokens = await expected(200, form('/oauth/token', fields, client));
    await abuse(tokens.access_token);
    const pushed = { client_id: client.id, response_type: 'code', redirect_uri: CALLBACK, scope: 'openid' };
    const { challenge } = pkce();
    const { request_uri } = await expected(
      201,
      form('/oauth/par', { ...pushed, code_challenge: challenge, code_challenge_method: 'S256' }, client),
    );
    await admin.get(`/oauth/authorize?client_id=${client.id}&request_uri=${encodeURIComponent(request_uri)}`);
    await admin.get(`/oauth/authorize?client_id=${client.id}&request_uri=${encodeURIComponent(`${request_uri}x`)}`);
    const { body } = await admin.get('/auth/grants');
    await admin.delete(`/auth/grants/${body.grants[0].id}`);
    await admin.delete(`/auth/consents/${client.id}`);
    await admin.post(`/admin/clients/${client.id}/secret`, { overlapSeconds: 0 });
    await form('/oauth/introspect', { token: tokens.access_token }, client);
  }

  async function devices(client: TestOAuthClient): Promise<void> {
    const begun = await expected(200, form('/oauth/device/authorize', { scope: 'openid email' }, client));
    const poll = () => form('/oauth/token', { grant_type: DEVICE_CODE, device_code: begun.device_code }, client);
    await poll();
    await poll();
    await admin.get(`/oauth/device?user_code=${begun.user_code}`);
    let page = (await admin.get('/oauth/device')).text;
    const enter = async (more: object) => {
      const xsrf = Witness.keep('xsrf', /name="xsrf" value="([^"]+)"/.exec(page)![1]!);
      const fields = String(new URLSearchParams({ xsrf, ...more }));
      page = (await admin.request('POST', '/oauth/device', fields, FORM)).text;
    };
    await enter({ user_code: begun.user_code });
    await enter({ user_code: begun.user_code, confirm: 'yes' });
    await form('/oauth/token', { grant_type: DEVICE_CODE, device_code: `${begun.device_code}x` }, client);
  }

  async function clientsThemselves(): Promise<void> {
    const { id: serviceUserId } = await expected(201, admin.post('/admin/users', { kind: 'service', name: 'canary' }));
    const grants = { grantTypes: ['client_credentials'], redirectUris: [], serviceUserId };
    const withSecret = await made(grants);
    const asking = { grant_type: 'client_credentials', resource: API, scope: 'orders:read' };
    const { access_token } = await expected(200, form('/oauth/token', asking, withSecret));
    await abuse(access_token);
    await form('/oauth/revoke', { token: access_token }, withSecret);
    const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'a' }] };
    const { id } = await made({ ...grants, tokenEndpointAuthMethod: 'private_key_jwt', jwks });
    for (const audience of [url, 'https://elsewhere.example.com']) {
      const assertion = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg: 'ES256', kid: 'a' })
        .setIssuer(id)
        .setSubject(id)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(privateKey);
      Witness.keep('assertion', assertion);
      const proof = { client_assertion_type: ASSERTION, client_assertion: assertion, client_id: id };
      await form('/oauth/token', { ...asking, ...proof });
      await form('/oauth/token', { ...asking, ...proof });
    }
  }

  /** RFC 9449: a proof is good once, and its signature opens what its token opens. */
  async function proofOf(method: string, path: string, more: object = {}): Promise<string> {
    const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
    const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } as never };
    const proof = await new SignJWT({ jti: randomUUID(), htm: method, htu: url + path, ...more })
      .setProtectedHeader(header)
      .setIssuedAt()
      .sign(privateKey);
    return Witness.keep('proof of a key', proof);
  }

  async function keys(client: TestOAuthClient): Promise<void> {
    const { fields } = await codeOf(client);
    const dpop = await proofOf('POST', '/oauth/token');
    const tokens = await expected(200, form('/oauth/token', fields, client, { dpop }));
    await abuse(tokens.access_token);
    const ath = createHash('sha256').update(tokens.access_token).digest('base64url');
    const good = await proofOf('GET', '/oauth/userinfo', { ath });
    const anybody = new Witness(url);
    for (const proof of [good, good, `${good}x`, await proofOf('GET', '/oauth/userinfo')])
      for (const scheme of ['DPoP', 'Bearer'])
        await anybody.get('/oauth/userinfo', { authorization: `${scheme} ${tokens.access_token}`, dpop: proof });
    await anybody.get('/auth/me', { authorization: `DPoP ${tokens.access_token}`, dpop: good });
    const refreshing = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token };
    await form('/oauth/token', refreshing, client);
    for (const proof of [dpop, await proofOf('POST', '/oauth/token')])
      await form('/oauth/token', refreshing, client, { dpop: proof });
    await form('/oauth/introspect', { token: tokens.access_token }, client);
  }

  /** A certificate is no secret; what a client gets by it is. */
  async function certificates(): Promise<void> {
    const { id: serviceUserId } = await expected(201, admin.post('/admin/users', { kind: 'service', name: 'reports' }));
    const own = authority.issue({ subject: '/CN=reports' });
    const other = authority.issue({ subject: '/CN=other' });
    const bound = { tlsClientCertificateBoundAccessTokens: true };
    const { kty, ...jwk } = createPublicKey(own.cert).export({ format: 'jwk' });
    const x5c = [new X509Certificate(own.cert).raw.toString('base64')];
    for (const method of [
      { tokenEndpointAuthMethod: 'tls_client_auth', tlsClientAuthSubjectDn: 'CN=reports' },
      { tokenEndpointAuthMethod: 'self_signed_tls_client_auth', jwks: { keys: [{ kty, ...jwk, use: 'sig', x5c }] } },
    ]) {
      const grants = { grantTypes: ['client_credentials'], redirectUris: [], serviceUserId };
      const client = await made({ ...grants, ...bound, ...method });
      const asking = { grant_type: 'client_credentials', resource: API, scope: 'orders:read', client_id: client.id };
      const by = ({ cert }: typeof own) => ({
        'client-cert': `:${new X509Certificate(cert).raw.toString('base64')}:`,
      });
      const { access_token } = await expected(200, form('/oauth/token', asking, undefined, by(own)));
      for (const headers of [by(other), {}, { 'client-cert': ':garbage:' }])
        await form('/oauth/token', asking, undefined, headers);
      await abuse(access_token);
      await form('/oauth/introspect', { token: access_token, client_id: client.id }, undefined, by(own));
    }
  }

  async function registration(): Promise<void> {
    const { token } = await expected(201, admin.post('/admin/registration-tokens', { expiresInSeconds: 600, uses: 2 }));
    const anybody = new Witness(url);
    const body = { redirect_uris: [CALLBACK], client_name: 'Canary' };
    await anybody.post('/oauth/register', body, { authorization: `Bearer ${token}x` });
    const client = await expected(201, anybody.post('/oauth/register', body, { authorization: `Bearer ${token}` }));
    const by = { authorization: `Bearer ${client.registration_access_token}` };
    const path = `/oauth/register/${client.client_id}`;
    await anybody.get(path, { authorization: `${by.authorization}x` });
    await anybody.get(path, by);
    await anybody.put(path, { ...body, client_id: client.client_id, client_secret: 'another' }, by);
    await codes({ id: client.client_id, secret: client.client_secret, redirectUri: CALLBACK });
    await anybody.delete(path, by);
  }

  async function logout(client: TestOAuthClient): Promise<void> {
    const { fields } = await codeOf(client);
    const { id_token } = await expected(200, form('/oauth/token', fields, client));
    await new Witness(url).get(`/oauth/logout?id_token_hint=${id_token}x`);
    const page = await admin.get(`/oauth/logout?id_token_hint=${id_token}&client_id=${client.id}`);
    const xsrf = Witness.keep('xsrf', /name="xsrf" value="([^"]+)"/.exec(page.text)![1]!);
    await admin.request('POST', '/oauth/logout/confirm', `xsrf=${xsrf}&logout=yes`, FORM);
    const until = Date.now() + 60_000;
    while (told.length < 2 && Date.now() < until) await new Promise((next) => setTimeout(next, 200));
    for (const token of told) Witness.keep('logout_token', token);
  }

  // biome-ignore lint/suspicious/noExplicitAny: whatever the route answers
  async function expected(status: number, reply: Promise<TestReply>): Promise<any> {
    const { status: actual, text, body } = await reply;
    if (actual !== status) throw new Error(`${actual} instead of ${status}: ${text}`);
    return body;
  }

  /** Every row of every table, as text. */
  async function everyRow(): Promise<string> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const tables = await client.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'coatcheck'`);
    const rows: string[] = [];
    for (const { tablename } of tables.rows) {
      const { rows: all } = await client.query(`SELECT t::text AS row FROM coatcheck."${tablename}" t`);
      rows.push(...all.map(({ row }) => row));
    }
    await client.end();
    return rows.join('\n');
  }
});
