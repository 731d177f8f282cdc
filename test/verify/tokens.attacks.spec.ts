import { createHmac, createPublicKey } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { AUDIENCE, live, machine } from './fake-service.js';
import { Bench } from './verifier-under-test.js';

let bench: Bench;
let good: string;
beforeAll(async () => {
  bench = await Bench.start();
  good = await bench.service.token();
  expect(await bench.outcome(good)).toBe(200);
});
afterAll(() => bench.stop());

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const claims = () => JSON.parse(Buffer.from(good.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
/** Signed with the service's own key: only its header is odd. */
const withHeader = (header: Record<string, unknown>) => {
  const { alg: _, ...rest } = { alg: '', ...header };
  const { kid } = bench.service.signer;
  return new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', kid, ...rest }).sign(bench.service.signer.key);
};

/** The same, whatever the service would say of it: the token must be refused by its own text, before the service is asked. */
async function expectRefused(token: string, code = 'unauthenticated'): Promise<void> {
  bench.service.verdicts.set(token, live());
  const asked = bench.service.lookUps.length;
  const outcome = bench.ask({ authorization: `Bearer ${token}` });
  await bench.clock.pass(1_100);
  expect([token.slice(0, 60), await outcome]).toEqual([token.slice(0, 60), code]);
  expect(bench.service.lookUps.length).toBe(asked);
  // Else the lease would run out meanwhile, and the test would prove less.
  bench.service.stream.line({ type: 'beat', head: bench.service.head });
}

describe('no access token is', () => {
  it.each(['none', 'None', 'nOnE', '', undefined])('one with the algorithm %p and no signature', async (alg) => {
    const { kid } = bench.service.signer;
    await expectRefused(`${encode({ alg, typ: 'at+jwt', kid })}.${good.split('.')[1]}.`);
    await expectRefused(`${good.split('.').slice(0, 2).join('.')}.`);
    await expectRefused(new UnsecuredJWT(claims()).encode());
  });

  it('one signed by HMAC with the public key', async () => {
    const [jwk] = bench.service.jwks;
    const publicKey = createPublicKey({ key: jwk as never, format: 'jwk' });
    const { kid } = bench.service.signer;
    const secrets = [
      publicKey.export({ format: 'pem', type: 'spki' }),
      publicKey.export({ format: 'der', type: 'spki' }),
      JSON.stringify(jwk),
      '',
    ];
    for (const secret of secrets) {
      for (const header of [encode({ alg: 'HS256', typ: 'at+jwt', kid }), good.split('.')[0]!]) {
        const signed = `${header}.${good.split('.')[1]}`;
        await expectRefused(`${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`);
      }
    }
  });

  it('one with a header that the service does not write', async () => {
    const { kid } = bench.service.signer;
    const own = await exportJWK((await generateKeyPair('ES256', { extractable: true })).publicKey);
    for (const header of [
      { typ: 'JWT' },
      {},
      { typ: 'AT+JWT' },
      { typ: 'application/at+jwt' },
      { typ: 'at+jwt', extra: 1 },
      { typ: 'at+jwt', jwk: own },
      { typ: 'at+jwt', jku: 'https://canary.example/keys' },
      { typ: 'at+jwt', x5u: 'https://canary.example/keys' },
      { typ: 'at+jwt', cck: 'other' },
    ])
      await expectRefused(await withHeader(header));
    const [, payload, signature] = good.split('.');
    for (const alg of ['ES384', 'RS256', 'EdDSA', 'HS256', 'es256', ['ES256']])
      await expectRefused(`${encode({ alg, typ: 'at+jwt', kid })}.${payload}.${signature}`);
    for (const more of [{ crit: ['x'], x: 1 }, { crit: ['b64'], b64: false }, { zip: 'DEF' }])
      await expectRefused(`${encode({ alg: 'ES256', typ: 'at+jwt', kid, ...more })}.${payload}.${signature}`);
  });

  it.each([
    ['../../etc/passwd'],
    ['https://evil.example/key'],
    ['__proto__'],
    ['constructor'],
    [['a']],
    [{}],
    [null],
    [0],
    [''],
  ])('one with the key id %j', async (kid) => {
    await expectRefused(await withHeader({ typ: 'at+jwt', kid }));
  });

  it('one of a key that the service has not published', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    for (const kid of [bench.service.signer.kid, 'another-key-of-somebody'])
      await expectRefused(
        await new SignJWT(claims()).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid }).sign(privateKey),
      );
  });

  it('another spelling of a good one, or one of another number of parts', async () => {
    const [header, payload, signature] = good.split('.') as [string, string, string];
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.at(-1)!);
    for (let tail = 0; tail < 16; tail += 1) {
      const spelling = signature.slice(0, -1) + alphabet[(last & 0x30) | tail];
      if (spelling !== signature) await expectRefused(`${header}.${payload}.${spelling}`);
    }
    for (const odd of [
      `${good}=`,
      `${good}.`,
      `${good}.x`,
      `.${good}`,
      `${header}.${payload}`,
      `${header}=.${payload}.${signature}`,
      '..',
      `${header}..${signature}`,
    ])
      await expectRefused(odd);
  });

  it.each(['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'ver'])(
    'one without %s, or with it of another type',
    async (name) => {
      for (const value of [undefined, null, {}, true, 1.5, ''])
        await expectRefused(await bench.service.token({ sid: 's1', [name]: value }));
    },
  );

  it('one of another issuer, or for others', async () => {
    await expectRefused(await bench.service.token({ iss: 'https://accounts.example.evil' }));
    await expectRefused(await bench.service.token({ aud: 'https://other.example' }));
    await expectRefused(await bench.service.token({ aud: [] }));
    // Of a login that was never finished.
    await expectRefused(await bench.service.token({ aud: `${AUDIENCE}#enrolment` }));
  });

  it('one of a megabyte, which is refused before any of it is looked at', async () => {
    await expectRefused(await bench.service.token({ filler: 'x'.repeat(1_000_000) }));
  });

  it('one that is not good yet', async () => {
    await expectRefused(await bench.service.token({ nbf: Math.ceil(bench.clock.epochSeconds()) + 600 }));
  });

  it('one that has expired, by more than is forgiven to clocks', async () => {
    const now = Math.floor(bench.clock.epochSeconds());
    await expectRefused(await bench.service.token({ exp: now - 60 }), 'token_expired');
    const late = await bench.service.token({ exp: now - 1 });
    expect(await bench.outcome(late)).toBe(200);
  });

  it('an opaque token, a refresh token or the secret of a session: none of other services', async () => {
    for (const odd of ['x'.repeat(43), '', 'cck_', `cck_${'0'.repeat(82)}`, 'x'.repeat(9_000)])
      await expectRefused(odd);
  });
});

describe('a request with a token that is bound', () => {
  const TLS = { raw: Buffer.from('certificate') };
  const THUMBPRINT = 'thdF5_mMJQGz8OH-zG2uufHkNOOe6p4hZ8Qd1NDcN8E';

  it('to a certificate is let in over its own connection only', async () => {
    const { createHash } = await import('node:crypto');
    const x5t = createHash('sha256').update(TLS.raw).digest('base64url');
    const token = await bench.service.token({ cnf: { 'x5t#S256': x5t } });
    const socket = (raw: Buffer | undefined) => ({ socket: { getPeerCertificate: () => ({ raw }) } });
    expect(await bench.outcome(token, {}, socket(TLS.raw))).toBe(200);
    expect(await bench.outcome(token, {}, socket(Buffer.from('another')))).toBe('unauthenticated');
    expect(await bench.outcome(token, {}, socket(undefined))).toBe('unauthenticated');
    expect(await bench.outcome(token, {}, { socket: {} })).toBe('unauthenticated');
    expect(await bench.outcome(token)).toBe('unauthenticated');
    expect(await bench.outcome(token, {}, { raw: { socket: socket(TLS.raw).socket } })).toBe(200);
    // A header that any client can send proves nothing.
    expect(await bench.outcome(token, { 'x-client-cert': TLS.raw.toString('base64') })).toBe('unauthenticated');
  });

  it.each([
    ['a key', { jkt: THUMBPRINT }],
    ['a key and a certificate', { jkt: THUMBPRINT, 'x5t#S256': THUMBPRINT }],
    ['something unknown', { odd: 'x' }],
    ['nothing', {}],
    ['no object', 'x'],
  ])('to %s is refused', async (_what, cnf) => {
    await expectRefused(await bench.service.token({ cnf }));
  });

  it('is refused by the scheme DPoP too, and by what the service says of its key', async () => {
    const outcome = bench.ask({ authorization: `DPoP ${good}` });
    expect(await outcome).toBe('unauthenticated');
    const { mintApiKey } = await import('../../src/strategies/api-key/api-key.js');
    const { apiKey } = mintApiKey('01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f');
    bench.service.verdicts.set(apiKey, machine({ cnf: { jkt: THUMBPRINT } }));
    expect(await bench.outcome(apiKey)).toBe('unauthenticated');
    expect(await bench.outcome(apiKey)).toBe('unauthenticated');
  });
});

describe('of one session', () => {
  it('a token from before a change of its user is out of date, and the service is not asked once that is known', async () => {
    const old = await bench.service.token({ sid: 's9', ver: 1 });
    const fresh = await bench.service.token({ sid: 's9', ver: 2 });
    bench.service.verdicts.set(fresh, live({ session: 's9', revision: 2 }));
    expect(await bench.outcome(fresh)).toBe(200);
    const asked = bench.service.lookUps.length;
    expect(await bench.outcome(old)).toBe('token_expired');
    expect(bench.service.lookUps.length).toBe(asked);
  });

  it('each token is looked up once, so that the service hears of its first use; the others go on being known', async () => {
    const [first, second] = [await bench.service.token({ sid: 's11' }), await bench.service.token({ sid: 's11' })];
    bench.service.verdicts.set(first, live({ session: 's11' }));
    bench.service.verdicts.set(second, live({ session: 's11' }));
    const inTurns = async () => {
      for (const token of [first, second, first, second]) expect(await bench.outcome(token)).toBe(200);
    };
    expect(await bench.lookUpsDuring(inTurns)).toBe(2);
    expect(await bench.lookUpsDuring(inTurns)).toBe(0);
  });

  it('what is known of one token does not stand for another that the service refuses', async () => {
    const [real, forged] = [await bench.service.token({ sid: 's12' }), await bench.service.token({ sid: 's12' })];
    bench.service.verdicts.set(real, live({ session: 's12' }));
    // Of a key that was taken away, which the node that publishes the keys has not heard yet.
    bench.service.verdicts.set(forged, { accepted: false, code: 'token_expired' });
    expect(await bench.outcome(real)).toBe(200);
    expect(await bench.outcome(forged)).toBe('token_expired');
    expect(await bench.outcome(forged)).toBe('token_expired');
    expect(await bench.lookUpsDuring(() => bench.outcome(real))).toBe(0);
  });

  it('a token from after a change that was not heard of yet is looked up', async () => {
    const old = await bench.service.token({ sid: 's10', ver: 1 });
    expect(await bench.outcome(old)).toBe(200);
    const fresh = await bench.service.token({ sid: 's10', ver: 2 });
    bench.service.verdicts.set(fresh, live({ session: 's10', revision: 2 }));
    expect(await bench.outcome(fresh)).toBe(200);
  });

  it('a token that names another user is refused, whatever is known of the session', async () => {
    const token = await bench.service.token({ sid: 's1', sub: 'u2' });
    expect(await bench.outcome(token)).toBe('unauthenticated');
  });
});

describe('of two tickets', () => {
  it('neither counts when they differ, and equal ones are one', async () => {
    const other = await bench.service.token({ sid: 's20', sub: 'u20' });
    const { mintApiKey } = await import('../../src/strategies/api-key/api-key.js');
    const { apiKey } = mintApiKey('01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e01');
    bench.service.verdicts.set(apiKey, machine());
    const rawHeaders = (second: string) => ['Authorization', `Bearer ${good}`, 'authorization', `Bearer ${second}`];
    expect(await bench.outcome(good, {}, { rawHeaders: rawHeaders(other) })).toBe('unauthenticated');
    expect(await bench.outcome(good, {}, { rawHeaders: rawHeaders(good) })).toBe(200);
    expect(await bench.outcome(good, {}, { raw: { rawHeaders: rawHeaders(other) } })).toBe('unauthenticated');
    expect(await bench.outcome(good, { 'x-api-key': apiKey })).toBe('unauthenticated');
    expect(await bench.ask({ 'x-api-key': apiKey })).toBe(200);
    // Other systems' keys travel in that header too.
    expect(await bench.outcome(good, { 'x-api-key': 'somebody-else' })).toBe(200);
  });

  it('a cookie is none unless it was asked for', async () => {
    expect(await bench.ask({ cookie: `__Host-access=${good}` })).toBe('unauthenticated');
  });
});

describe('with cookies', () => {
  let withCookies: Bench;
  let token: string;
  beforeAll(async () => {
    withCookies = await Bench.start({ cookies: true, trustedOrigins: ['https://app.example'] });
    token = await withCookies.service.token();
  });
  afterAll(() => withCookies.stop());
  const ask = (method: string, headers: Record<string, string>) =>
    withCookies.ask({ host: 'orders.example', cookie: `a=b; __Host-access=${token}`, ...headers }, { method });

  it('a safe request is let in from anywhere', async () => {
    expect(await ask('GET', {})).toBe(200);
    expect(await ask('GET', { 'sec-fetch-site': 'cross-site' })).toBe(200);
  });

  it.each<[number | string, Record<string, string>]>([
    [200, { 'sec-fetch-site': 'same-origin' }],
    [200, { 'sec-fetch-site': 'none' }],
    [200, { origin: 'https://orders.example' }],
    [200, { origin: 'https://app.example', 'sec-fetch-site': 'same-site' }],
    ['csrf_rejected', { 'sec-fetch-site': 'same-site', origin: 'https://blog.example' }],
    ['csrf_rejected', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['csrf_rejected', { origin: 'https://evil.example' }],
    ['csrf_rejected', { origin: 'null' }],
    ['csrf_rejected', {}],
  ])('%p is the answer to an unsafe request with %j', async (outcome, headers) => {
    expect(await ask('POST', headers)).toBe(outcome);
  });

  it('two different cookies of the name are none, and a forged prefix is another name', async () => {
    const other = await withCookies.service.token({ sid: 's2' });
    expect(await ask('GET', { cookie: `__Host-access=${token}; __Host-access=${other}` })).toBe('unauthenticated');
    expect(await ask('GET', { cookie: `\u00a0__Host-access=${token}` })).toBe('unauthenticated');
  });
});

describe('before the service has said whose tokens there are', () => {
  it.each([
    ['audience', { audience: 'https://orders.example' }, { aud: 'https://orders.example' }],
    ['issuer', { issuer: 'https://other.example' }, { iss: 'https://other.example' }],
  ])('the %s that was set counts', async (_what, settings, right) => {
    const early = await Bench.start(settings, (service) => {
      service.greets = false;
    });
    expect(await early.outcome(await early.service.token())).toBe('unauthenticated');
    expect(await early.outcome(await early.service.token(right))).toBe(200);
    await early.stop();
  });
});
