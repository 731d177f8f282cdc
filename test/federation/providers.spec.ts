import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { checkedConnection } from '../../src/factors/federated/connections/connection-rules.js';
import { providerOf } from '../../src/factors/federated/providers/providers.js';
import type { FakeProvider } from '../../src/testing/fake-provider.js';
import { startFakeProvider } from '../../src/testing/fake-provider-server.js';
import type { FakeProviderSettings } from '../../src/testing/fake-provider-settings.js';
import { answerTo, loginBy, newFlow, refusalOf, upstreamFor } from './upstream-flow.js';

const CLIENT = { slug: 'one', clientId: 'client', clientSecret: 'secret' };
let provider: FakeProvider;
afterEach(() => provider?.stop());

async function started(settings: FakeProviderSettings = {}) {
  provider = await startFakeProvider(settings);
  return provider;
}

describe('Google', () => {
  const google = (settings = {}) => upstreamFor(provider, { kind: 'google', baseUrl: provider.issuer, settings });

  it('gives a refresh token only where access_type=offline and prompt=consent are sent', async () => {
    await started();
    const asked = (await google().authorizationUrl({ ...newFlow(), purpose: 'login' })).searchParams;
    expect([asked.get('access_type'), asked.get('prompt')]).toEqual(['offline', 'consent']);
    const other = google({ prompt: 'select_account' });
    expect((await other.authorizationUrl({ ...newFlow(), purpose: 'login' })).searchParams.get('prompt')).toBe(
      'select_account',
    );
  });

  it.each([
    ['of gmail.com', 'ada@gmail.com', undefined, true],
    ['of a domain that Google hosts', 'ada@corp.example', 'corp.example', true],
    ['of a domain that Google does not host', 'ada@corp.example', undefined, false],
    ['that ends like gmail.com', 'ada@evil.example/@notgmail.com', undefined, false],
    ['below gmail.com', 'ada@mail.gmail.com', undefined, false],
    ['of two addresses', 'ada@evil.example@gmail.com', undefined, false],
  ])('speaks for an address %s: %s', async (_, email, hd, emailVerified) => {
    await started();
    provider.addPerson({ email, claims: hd === undefined ? {} : { hd } });
    expect((await loginBy(google())).identity).toMatchObject({ email, emailVerified });
  });

  it('speaks for no address that it does not call verified', async () => {
    await started();
    provider.addPerson({ email: 'ada@gmail.com', emailVerified: false });
    expect((await loginBy(google())).identity.emailVerified).toBe(false);
  });

  it('logs in no person of another hosted domain than the one that was set, whatever the browser chose', async () => {
    await started();
    const upstream = google({ hostedDomain: 'corp.example' });
    expect((await upstream.authorizationUrl({ ...newFlow(), purpose: 'login' })).searchParams.get('hd')).toBe(
      'corp.example',
    );
    for (const claims of [{}, { hd: 'evil.example' }, { hd: 'evilcorp.example' }]) {
      provider.chosen = provider.addPerson({ claims });
      expect(await refusalOf(loginBy(upstream))).toEqual(['invalid_credentials', 'hosted_domain']);
    }
    provider.chosen = provider.addPerson({ claims: { hd: 'corp.example' } });
    expect((await loginBy(upstream)).identity.subject).toBe(provider.chosen.subject);
  });
});

describe('GitHub', () => {
  const github = (given = {}) => upstreamFor(provider, { kind: 'github', baseUrl: provider.issuer, ...given });

  it('is keyed by the number of the account, and its address is the primary one of the list', async () => {
    await started({ kind: 'github' });
    const ada = provider.addPerson({ claims: { email: 'anything@evil.example' } });
    const { identity } = await loginBy(github());
    expect(identity).toMatchObject({
      issuer: `${provider.issuer}/login/oauth`,
      subject: ada.subject,
      email: ada.email,
      emailVerified: true,
      name: ada.name,
    });
  });

  it('has an unverified address where the primary one is not verified, though another is', async () => {
    await started({ kind: 'github' });
    const ada = provider.addPerson({ emailVerified: false });
    expect((await loginBy(github())).identity).toMatchObject({ email: ada.email, emailVerified: false });
  });

  it('has no address where there is no primary one, or an app may not see them', async () => {
    await started({ kind: 'github' });
    provider.addPerson({ email: null });
    expect((await loginBy(github())).identity).toMatchObject({ email: null, emailVerified: false });
    provider.wrong = { faults: { emails: 403 } };
    expect((await loginBy(github())).identity.email).toBeNull();
    provider.wrong = { faults: { emails: 500 } };
    expect(await refusalOf(loginBy(github()))).toEqual(['unavailable', 'provider_unreachable']);
  });

  it('is asked with PKCE, and without a nonce', async () => {
    await started({ kind: 'github' });
    const asked = (await github().authorizationUrl({ ...newFlow(), purpose: 'login' })).searchParams;
    expect([asked.get('code_challenge_method'), asked.get('nonce'), asked.get('scope')]).toEqual([
      'S256',
      null,
      'read:user user:email',
    ]);
  });

  it.each([
    ['null', { id: null }],
    ['0', { id: 0 }],
    ['negative', { id: -1 }],
    ['a text', { id: '1000001' }],
    ['a fraction', { id: 1.5 }],
    ['too large to be told from its neighbours', { id: 2 ** 53 }],
    ['absent', { id: undefined }],
  ])('FED-05: logs in no user where the id is %s', async (_, userinfo) => {
    await started({ kind: 'github' });
    provider.wrong = { userinfo };
    expect(await refusalOf(loginBy(github()))).toEqual(['invalid_credentials', 'subject']);
  });

  it.each(['error_in_200', 'not_json', 401, 403, 404] as const)(
    'FED-05: logs in no user by an answer of %s about the user',
    async (fault) => {
      await started({ kind: 'github' });
      provider.wrong = { faults: { userinfo: fault } };
      expect((await refusalOf(loginBy(github())))[0]).toBe('invalid_credentials');
    },
  );

  it('says that a code is no good with status 200', async () => {
    await started({ kind: 'github' });
    const upstream = github();
    const flow = newFlow();
    const answer = await answerTo(upstream, flow);
    await upstream.complete(answer, flow);
    const again = await refusalOf(upstream.complete(answer, flow));
    expect(again).toEqual(['invalid_credentials', 'provider_refused_code:bad_verification_code']);
  });

  it('is asked whether a login still stands by the application’s own secret: 404 is revoked, all else is nothing', async () => {
    await started({ kind: 'github' });
    const ada = provider.addPerson();
    const upstream = github();
    const token = (await loginBy(upstream)).token!;
    expect(await upstream.check(token)).toEqual({ outcome: 'live', token });
    expect(provider.requestsTo('check').at(-1)).toMatchObject({ method: 'POST' });
    for (const fault of [401, 403, 422, 429, 500, 'error_in_200', 'not_json', 'cut', 'redirect'] as const) {
      provider.failNext('check', fault);
      expect((await upstream.check(token)).outcome).toBe('unknown');
    }
    expect((await github({ secret: 'wrong' }).check(token)).outcome).toBe('unknown');
    provider.revoke({ person: ada });
    expect(await upstream.check(token)).toEqual({ outcome: 'revoked', isCertain: true });
  });

  it('has apps whose tokens expire: their refresh token is exchanged, and bad_refresh_token is revoked', async () => {
    const replies: Record<string, unknown> = { '/api/v3/user': { id: 7 }, '/api/v3/user/emails': [] };
    const asked: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        asked.push(body);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(replies[request.url!]));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const tokens = (refresh: string) => ({
      access_token: 'ghu',
      token_type: 'bearer',
      expires_in: 28_800,
      refresh_token: refresh,
    });
    await started({ kind: 'github' });
    const upstream = github({ baseUrl });
    const flow = newFlow();
    replies['/login/oauth/access_token'] = tokens('ghr_one');
    const { token } = await upstream.complete(new URL(`${flow.redirectUri}?code=a&state=${flow.state}`), flow);
    replies['/login/oauth/access_token'] = tokens('ghr_two');
    const found = (await upstream.check(token!)) as { outcome: string; token: string };
    expect([found.outcome, asked.at(-1)]).toEqual(['live', expect.stringContaining('refresh_token=ghr_one')]);
    replies['/login/oauth/access_token'] = { error: 'bad_refresh_token' };
    expect(await upstream.check(found.token)).toEqual({ outcome: 'revoked' });
    expect(asked.at(-1)).toContain('refresh_token=ghr_two');
    replies['/login/oauth/access_token'] = { error: 'incorrect_client_credentials' };
    expect((await upstream.check(found.token)).outcome).toBe('unknown');
    server.close();
    server.closeAllConnections();
  });

  it('has its API elsewhere: api.github.com, the API of a ghe.com, /api/v3 of a server', async () => {
    await started({ kind: 'github' });
    await loginBy(github());
    expect(provider.requests.map(({ endpoint }) => endpoint)).toEqual(['authorization', 'token', 'userinfo', 'emails']);
    const home = upstreamFor(provider, { kind: 'github', baseUrl: null });
    const company = upstreamFor(provider, { kind: 'github', baseUrl: 'https://corp.ghe.com' });
    expect([home.issuer, company.issuer]).toEqual([
      'https://github.com/login/oauth',
      'https://corp.ghe.com/login/oauth',
    ]);
  });

  it('has no logout tokens', async () => {
    await started({ kind: 'github' });
    expect(await refusalOf(github().readLogout('x'))).toEqual(['validation_failed', 'provider_without_logout']);
  });
});

describe('Microsoft', () => {
  const TENANT = '11111111-2222-3333-4444-555555555555';
  const OTHER = '99999999-2222-3333-4444-555555555555';
  const person = (claims: Record<string, unknown>) =>
    provider.addPerson({ claims: { tid: TENANT, oid: 'object-1', ...claims } });

  it('is keyed by the issuer of the tenant and the object, not by sub', async () => {
    await started({ path: `/${TENANT}/v2.0` });
    person({});
    const upstream = upstreamFor(provider, {
      kind: 'microsoft',
      baseUrl: provider.origin,
      settings: { tenant: TENANT },
    });
    const { identity } = await loginBy(upstream);
    expect(identity).toMatchObject({
      issuer: `${provider.origin}/${TENANT}/v2.0`,
      subject: 'object-1',
      emailVerified: false,
    });
  });

  it.each([
    [true, true],
    [1, true],
    ['1', true],
    ['true', true],
    [false, false],
    ['0', false],
    [undefined, false],
  ])(
    'gives an address that proves nothing, unless xms_edov says that the tenant owns its domain: %p',
    async (owned, emailVerified) => {
      await started({ path: `/${TENANT}/v2.0` });
      person({ xms_edov: owned });
      const upstream = upstreamFor(provider, {
        kind: 'microsoft',
        baseUrl: provider.origin,
        settings: { tenant: TENANT },
      });
      expect((await loginBy(upstream)).identity.emailVerified).toBe(emailVerified);
    },
  );

  it('of one tenant logs in no person of another', async () => {
    await started({ path: `/${TENANT}/v2.0` });
    const upstream = upstreamFor(provider, {
      kind: 'microsoft',
      baseUrl: provider.origin,
      settings: { tenant: TENANT },
    });
    person({ tid: OTHER, iss: `${provider.origin}/${OTHER}/v2.0` });
    expect(await refusalOf(loginBy(upstream))).toEqual(['invalid_credentials', 'id_token_iss']);
  });

  it.each(['organizations', 'common'])(
    'of %s takes each tenant as an issuer of its own, if token and tenant agree',
    async (tenant) => {
      await started({ path: `/${tenant}/v2.0`, namesItself: false });
      provider.wrong = { metadata: { issuer: `${provider.origin}/{tenantid}/v2.0` } };
      const upstream = upstreamFor(provider, { kind: 'microsoft', baseUrl: provider.origin, settings: { tenant } });
      for (const tid of [TENANT, OTHER]) {
        provider.chosen = person({ tid, iss: `${provider.origin}/${tid}/v2.0` });
        expect((await loginBy(upstream)).identity.issuer).toBe(`${provider.origin}/${tid}/v2.0`);
      }
      for (const claims of [
        { tid: OTHER, iss: `${provider.origin}/${TENANT}/v2.0` },
        { tid: undefined, iss: `${provider.origin}/${TENANT}/v2.0` },
        { tid: 'a/../b', iss: `${provider.origin}/a/../b/v2.0` },
        { tid: TENANT, iss: `${provider.origin}/{tenantid}/v2.0` },
        { tid: '{tenantid}', iss: `${provider.origin}/{tenantid}/v2.0` },
      ]) {
        provider.chosen = person(claims);
        expect(await refusalOf(loginBy(upstream))).toEqual(['invalid_credentials', 'id_token_iss']);
      }
    },
  );

  it.each([undefined, '', 7, null])('FED-05: logs in no user whose oid is %p', async (oid) => {
    await started({ path: `/${TENANT}/v2.0` });
    person({ oid });
    const upstream = upstreamFor(provider, {
      kind: 'microsoft',
      baseUrl: provider.origin,
      settings: { tenant: TENANT },
    });
    expect(await refusalOf(loginBy(upstream))).toEqual(['invalid_credentials', 'subject']);
  });
});

describe('Apple', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const settings = { teamId: 'TEAM123456', keyId: 'KEY1234567' };
  const secrets: string[] = [];
  const apple = () => upstreamFor(provider, { kind: 'apple', baseUrl: provider.issuer, secret: pem, settings });
  const asApple = () =>
    started({
      clientId: 'com.example.web',
      acceptsSecret: async (secret) => {
        secrets.push(secret);
        const options = { issuer: 'TEAM123456', subject: 'com.example.web', audience: provider.issuer };
        return jwtVerify(secret, createPublicKey(createPrivateKey(pem)), options).then(
          () => true,
          () => false,
        );
      },
    });

  it('takes as client secret a JWT of ES256 by the key of the team, for much less than 180 days', async () => {
    await asApple();
    await loginBy(apple());
    const { iat, exp } = decodeJwt(secrets.at(-1)!);
    expect(decodeProtectedHeader(secrets.at(-1)!)).toEqual({ alg: 'ES256', kid: 'KEY1234567' });
    expect(exp! - iat!).toBeLessThanOrEqual(15_777_000);
  });

  it('answers by a POST, for which it is asked', async () => {
    await asApple();
    const asked = (await apple().authorizationUrl({ ...newFlow(), purpose: 'login' })).searchParams;
    expect([asked.get('response_mode'), asked.get('scope')]).toEqual(['form_post', 'openid name email']);
    const anew = (await apple().authorizationUrl({ ...newFlow(), purpose: 'link' })).searchParams;
    expect([anew.get('prompt'), anew.get('max_age')]).toEqual([null, null]);
  });

  it.each([
    [true, true],
    ['true', true],
    ['false', false],
    [false, false],
    [undefined, false],
  ])('says %p of an address, as a text or not', async (said, emailVerified) => {
    await asApple();
    provider.wrong = { idToken: { claims: { email_verified: said } } };
    expect((await loginBy(apple())).identity.emailVerified).toBe(emailVerified);
  });

  it('tells the name with the first answer only, where it is worth no more than a name', async () => {
    await asApple();
    const ada = provider.addPerson({ name: null });
    const upstream = apple();
    const flow = newFlow();
    const answer = await answerTo(upstream, flow);
    const user = { name: { firstName: 'Ada', lastName: 'Lovelace' }, email: 'root@evil.example' };
    answer.searchParams.set('user', JSON.stringify(user));
    const { identity } = await upstream.complete(answer, flow);
    expect(identity).toMatchObject({ name: 'Ada Lovelace', email: ada.email, subject: ada.subject });
    expect((await loginBy(upstream)).identity.name).toBeNull();
  });

  it.each(['not json', '{"name":"x"}', '{"name":{"firstName":{}}}', '[]', '{"name":{"firstName":"a\\u0000"}}'])(
    'has no name where it says %s',
    async (user) => {
      await asApple();
      const upstream = apple();
      const flow = newFlow();
      const answer = await answerTo(upstream, flow);
      answer.searchParams.set('user', user);
      expect((await upstream.complete(answer, flow)).identity.name).toBeNull();
    },
  );

  it('is looked at once a day at most', async () => {
    await asApple();
    expect(apple().leastSecondsBetweenChecks).toBe(86_400);
    const token = (await loginBy(apple())).token!;
    expect((await apple().check(token)).outcome).toBe('live');
  });

  it('needs the private key of a team, not any text', () => {
    const given = { ...CLIENT, kind: 'apple', settings };
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    for (const clientSecret of ['secret', String(rsa)])
      expect(checkedConnection({ ...given, clientSecret }, false).errors).toMatchObject([{ field: 'clientSecret' }]);
    expect(checkedConnection({ ...given, clientSecret: pem }, false).errors).toBeUndefined();
    expect(checkedConnection({ ...given, clientSecret: pem, settings: {} }, false).errors).toMatchObject([
      { field: 'settings.teamId' },
      { field: 'settings.keyId' },
    ]);
  });
});

describe('GitLab', () => {
  it('is a provider of OpenID Connect at its address, and replaces its refresh token at each use', async () => {
    await started();
    const upstream = upstreamFor(provider, { kind: 'gitlab', baseUrl: provider.issuer });
    const { token, identity } = await loginBy(upstream);
    expect(identity).toMatchObject({ issuer: provider.issuer, emailVerified: true });
    const found = await upstream.check(token!);
    expect(found).toMatchObject({ outcome: 'live' });
    expect((found as { token: string }).token).not.toBe(token);
    const asked = (await upstream.authorizationUrl({ ...newFlow(), purpose: 'login' })).searchParams;
    expect(asked.get('scope')).toBe('openid profile email');
  });
});

describe('a provider of plain OAuth 2', () => {
  const settings = () => ({
    authorizationEndpoint: `${provider.issuer}/authorize`,
    tokenEndpoint: `${provider.issuer}/token`,
    userinfoEndpoint: `${provider.issuer}/userinfo`,
  });

  it('is read by the names that an admin gives, and verified is only what an admin calls so', async () => {
    await started({ kind: 'oauth2' });
    const ada = provider.addPerson({ claims: { user: { id: 42, confirmed: true } } });
    const plain = upstreamFor(provider, { kind: 'oauth2', settings: settings() });
    expect((await loginBy(plain)).identity).toMatchObject({
      subject: ada.subject,
      email: ada.email,
      emailVerified: false,
    });
    const named = { subjectClaim: 'user.id', emailVerifiedClaim: 'user.confirmed' };
    const told = upstreamFor(provider, { kind: 'oauth2', settings: { ...settings(), ...named } });
    expect((await loginBy(told)).identity).toMatchObject({
      subject: '42',
      emailVerified: true,
      issuer: provider.issuer,
    });
  });

  it.each([
    ['empty', { sub: '' }],
    ['null', { sub: null }],
    ['0', { sub: 0 }],
    ['an object', { sub: {} }],
    ['absent', { sub: undefined }],
  ])('FED-05: logs in no user whose subject is %s', async (_, userinfo) => {
    await started({ kind: 'oauth2' });
    provider.wrong = { userinfo };
    const upstream = upstreamFor(provider, { kind: 'oauth2', settings: settings() });
    expect(await refusalOf(loginBy(upstream))).toEqual(['invalid_credentials', 'subject']);
  });

  it('is looked at by its refresh token, if it gives one', async () => {
    await started({ kind: 'oauth2' });
    const upstream = upstreamFor(provider, { kind: 'oauth2', settings: settings() });
    const token = (await loginBy(upstream)).token!;
    const found = await upstream.check(token);
    expect(found.outcome).toBe('live');
    provider.revoke({});
    expect(await upstream.check((found as { token: string }).token)).toEqual({ outcome: 'revoked' });
  });
});

it('every provider has a name for its button, or that of its issuer', () => {
  expect(['google', 'github', 'microsoft', 'apple', 'gitlab', 'oidc'].map((kind) => providerOf(kind)?.label)).toEqual([
    'Google',
    'GitHub',
    'Microsoft',
    'Apple',
    'GitLab',
    null,
  ]);
  expect(providerOf('constructor')).toBeUndefined();
});
