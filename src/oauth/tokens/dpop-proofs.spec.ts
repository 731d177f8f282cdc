import { createHash, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { FakeClock } from '../../testing/fake-clock.js';
import { DpopProofs, type Proven } from './dpop-proofs.js';
import { DpopReplays } from './dpop-replays.js';

const HERE = 'https://auth.example.com';
const TOKEN = 'an.access.token';

interface Holder {
  readonly alg: string;
  readonly key: KeyObject;
  readonly jwk: JsonWebKey;
  readonly thumbprint: string;
}

async function holder(alg = 'ES256'): Promise<Holder> {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : alg === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = (await exportJWK(publicKey)) as JsonWebKey;
  return { alg, key: privateKey, jwk, thumbprint: await calculateJwkThumbprint(jwk as never) };
}

function setUp(publicUrl = HERE) {
  const clock = new FakeClock(new Date('2026-11-21T12:00:00Z'));
  const options = Options.resolve([coreOptions], { nodeEnv: 'test', publicUrl });
  return { clock, proofs: new DpopProofs(clock, options) };
}

let counted = 0;

async function prove(
  { alg, key, jwk }: Holder,
  clock: FakeClock,
  claims: object = {},
  header: object = {},
): Promise<string> {
  const payload = {
    jti: `proof-${++counted}`,
    htm: 'GET',
    htu: `${HERE}/orders`,
    iat: Math.floor(clock.now().getTime() / 1000),
    ath: createHash('sha256').update(TOKEN).digest('base64url'),
    ...claims,
  };
  return new SignJWT(payload as never).setProtectedHeader({ alg, typ: 'dpop+jwt', jwk, ...header } as never).sign(key);
}

const asked = (dpopProof: string | undefined, of: Partial<Proven> = {}): Proven => ({
  request: {},
  method: 'GET',
  path: '/orders',
  dpopProof,
  ...of,
});

async function answer(proving: Promise<void>): Promise<string> {
  try {
    await proving;
    return 'accepted';
  } catch (error) {
    if (!(error instanceof AuthError)) return String(error);
    expect(error.challenge).toEqual({ error: 'invalid_dpop_proof' });
    return `${error.code}: ${error.reason}`;
  }
}

describe('a proof of possession', () => {
  it.each(['ES256', 'EdDSA', 'RS256', 'PS256'])(
    'by %s is accepted for its own request and token, once',
    async (alg) => {
      const { clock, proofs } = setUp();
      const her = await holder(alg);
      const proof = await prove(her, clock);
      expect(await answer(proofs.assertProven(asked(proof), TOKEN, her.thumbprint))).toBe('accepted');
      expect(await answer(proofs.assertProven(asked(proof), TOKEN, her.thumbprint))).toBe(
        'unauthenticated: dpop_replayed',
      );
      expect(await answer(proofs.assertProven(asked(await prove(her, clock)), TOKEN, her.thumbprint))).toBe('accepted');
    },
  );

  it('is judged once for all that one request asks', async () => {
    const { clock, proofs } = setUp();
    const her = await holder();
    const request = asked(await prove(her, clock));
    const twice = [1, 2].map(() => answer(proofs.assertProven(request, TOKEN, her.thumbprint)));
    expect(await Promise.all(twice)).toEqual(['accepted', 'accepted']);
    expect(await answer(proofs.assertProven(request, 'another.access.token', her.thumbprint))).toBe(
      'unauthenticated: dpop_ath',
    );
  });

  it('of twelve requests with the same one, one passes', async () => {
    const { clock, proofs } = setUp();
    const her = await holder();
    const proof = await prove(her, clock);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => answer(proofs.assertProven(asked(proof), TOKEN, her.thumbprint))),
    );
    expect(answers.filter((one) => one === 'accepted')).toHaveLength(1);
  });

  it.each([
    ['of another method', { htm: 'POST' }, 'dpop_htm'],
    ['of a method in small letters', { htm: 'get' }, 'dpop_htm'],
    ['of no method', { htm: undefined }, 'dpop_htm'],
    ['of another address', { htu: `${HERE}/others` }, 'dpop_htu'],
    ['of another host', { htu: 'https://evil.example/orders' }, 'dpop_htu'],
    ['of plain http', { htu: 'http://auth.example.com/orders' }, 'dpop_htu'],
    ['of a path only', { htu: '/orders' }, 'dpop_htu'],
    ['of no address', { htu: undefined }, 'dpop_htu'],
    ['of another token', { ath: createHash('sha256').update('other').digest('base64url') }, 'dpop_ath'],
    ['of no token', { ath: undefined }, 'dpop_ath'],
    ['without an id', { jti: undefined }, 'dpop_jti'],
    ['with an empty id', { jti: '' }, 'dpop_jti'],
    ['with an id that is no text', { jti: 7 }, 'dpop_jti'],
    ['with an endless id', { jti: 'x'.repeat(257) }, 'dpop_jti'],
    ['without a time', { iat: undefined }, 'dpop_iat'],
    ['with a time that is no whole number', { iat: 1795262400.5 }, 'dpop_iat'],
    ['with a time that is a text', { iat: '1795262400' }, 'dpop_unreadable'],
  ])('%s is refused', async (_what, claims, reason) => {
    const { clock, proofs } = setUp();
    const her = await holder();
    const proof = await prove(her, clock, claims);
    expect(await answer(proofs.assertProven(asked(proof), TOKEN, her.thumbprint))).toBe(`unauthenticated: ${reason}`);
    expect(await answer(proofs.assertProven(asked(await prove(her, clock)), TOKEN, her.thumbprint))).toBe('accepted');
  });

  it('is good for its address with a query, in another spelling of it, and below a path that a proxy strips', async () => {
    const { clock, proofs } = setUp();
    const her = await holder();
    for (const htu of [`${HERE}/orders?page=2#top`, `${HERE}:443/orders`, 'HTTPS://AUTH.example.com/orders'])
      expect(await answer(proofs.assertProven(asked(await prove(her, clock, { htu })), TOKEN, her.thumbprint))).toBe(
        'accepted',
      );
    const below = setUp(`${HERE}/id`);
    const proof = await prove(her, below.clock, { htu: `${HERE}/id/orders` });
    expect(await answer(below.proofs.assertProven(asked(proof), TOKEN, her.thumbprint))).toBe('accepted');
  });

  it('of a request whose path looks like another host is one of this host', async () => {
    const { clock, proofs } = setUp();
    const her = await holder();
    const proof = await prove(her, clock, { htu: 'https://evil.example/orders' });
    const request = asked(proof, { path: '//evil.example/orders' });
    expect(await answer(proofs.assertProven(request, TOKEN, her.thumbprint))).toBe('unauthenticated: dpop_htu');
  });

  it('is refused when it is older than a minute, or more than five seconds ahead', async () => {
    const { clock, proofs } = setUp();
    const her = await holder();
    const now = Math.floor(clock.now().getTime() / 1000);
    const answerTo = async (iat: number) =>
      answer(proofs.assertProven(asked(await prove(her, clock, { iat })), TOKEN, her.thumbprint));
    expect(await answerTo(now - 60)).toBe('accepted');
    expect(await answerTo(now - 61)).toBe('unauthenticated: dpop_iat');
    expect(await answerTo(now + 5)).toBe('accepted');
    expect(await answerTo(now + 6)).toBe('unauthenticated: dpop_iat');
  });

  it('by another key than the token is bound to is refused', async () => {
    const { clock, proofs } = setUp();
    const [her, him] = [await holder(), await holder()];
    expect(await answer(proofs.assertProven(asked(await prove(him, clock)), TOKEN, her.thumbprint))).toBe(
      'unauthenticated: dpop_key',
    );
    const borrowed = await prove(him, clock, {}, { jwk: her.jwk });
    expect(await answer(proofs.assertProven(asked(borrowed), TOKEN, her.thumbprint))).toBe(
      'unauthenticated: dpop_unreadable',
    );
  });

  it.each([
    ['no header of a proof', { typ: 'JWT' }],
    ['no type', { typ: undefined }],
    ['no key in it', { jwk: undefined }],
    ['a critical member that is not known', { crit: ['x'], x: 1 }],
  ])('with %s is refused', async (_what, header) => {
    const { clock, proofs } = setUp();
    const her = await holder();
    const signed = await prove(her, clock);
    const [, payload, signature] = signed.split('.');
    const text = JSON.stringify({ alg: 'ES256', typ: 'dpop+jwt', jwk: her.jwk, ...header });
    const other = `${Buffer.from(text).toString('base64url')}.${payload}.${signature}`;
    const reason = 'unauthenticated: dpop_unreadable';
    expect(await answer(proofs.assertProven(asked(other), TOKEN, her.thumbprint))).toBe(reason);
  });

  it('that shows a private key, or is signed by a secret one, or by none, is refused', async () => {
    const { clock, proofs } = setUp();
    const her = await holder();
    const reason = 'unauthenticated: dpop_unreadable';
    const shown = await prove(her, clock, {}, { jwk: await exportJWK(her.key) });
    expect(await answer(proofs.assertProven(asked(shown), TOKEN, her.thumbprint))).toBe(reason);
    const secret = { kty: 'oct', k: Buffer.alloc(32, 7).toString('base64url') };
    const mac = await new SignJWT({ jti: 'x' })
      .setProtectedHeader({ alg: 'HS256', typ: 'dpop+jwt', jwk: secret as never })
      .sign(Buffer.alloc(32, 7));
    expect(await answer(proofs.assertProven(asked(mac), TOKEN, her.thumbprint))).toBe(reason);
    const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk: her.jwk })).toString('base64url');
    const [, payload] = (await prove(her, clock)).split('.');
    expect(await answer(proofs.assertProven(asked(`${header}.${payload}.`), TOKEN, her.thumbprint))).toBe(reason);
  });

  it('is refused where there is none, two, or anything else', async () => {
    const { clock, proofs } = setUp();
    const her = await holder();
    const [one, other] = [await prove(her, clock), await prove(her, clock)];
    const answerTo = (text: string | undefined) => answer(proofs.assertProven(asked(text), TOKEN, her.thumbprint));
    expect(await answerTo(undefined)).toBe('unauthenticated: no_dpop_proof');
    for (const text of ['', 'x', 'a.b.c', `${one}, ${other}`, '\0.\0.\0', 'e30.e30.e30'])
      expect(await answerTo(text)).toBe('unauthenticated: dpop_unreadable');
    expect(await answerTo('x'.repeat(4097))).toBe('unauthenticated: dpop_too_long');
  });
});

describe('the memory of proofs', () => {
  it('forgets what is too old to be accepted', () => {
    const replays = new DpopReplays();
    expect(replays.note('key', 'a', 100, 40)).toBe(true);
    expect(replays.note('key', 'b', 101, 41)).toBe(true);
    expect(replays.note('key', 'c', 161, 101)).toBe(true);
    expect(replays.size).toBe(2);
    expect(replays.note('key', 'a', 100, 101)).toBe(false);
  });

  it('full of proofs forgets the oldest second, and accepts nothing as old any more', () => {
    const replays = new DpopReplays(3);
    for (const [jti, iat] of [
      ['a', 100],
      ['b', 100],
      ['c', 101],
    ] as const)
      expect(replays.note('key', jti, iat, 50)).toBe(true);
    expect(replays.note('key', 'd', 102, 50)).toBe(true);
    expect(replays.size).toBe(2);
    expect(replays.note('key', 'a', 100, 50)).toBe(false);
    expect(replays.note('key', 'new', 100, 50)).toBe(false);
    expect(replays.note('key', 'c', 101, 50)).toBe(false);
    expect(replays.note('key', 'e', 101, 50)).toBe(true);
  });

  it('tells the proofs of two keys apart, whatever they are called', () => {
    const replays = new DpopReplays();
    expect(replays.note('one', 'a', 100, 50)).toBe(true);
    expect(replays.note('two', 'a', 100, 50)).toBe(true);
    expect(replays.note('two', 'a', 100, 50)).toBe(false);
  });

  it('never accepts a proof again when clocks go back', () => {
    const replays = new DpopReplays();
    expect(replays.note('key', 'a', 100, 40)).toBe(true);
    expect(replays.note('key', 'b', 161, 101)).toBe(true);
    expect(replays.note('key', 'a', 100, 40)).toBe(false);
  });
});
