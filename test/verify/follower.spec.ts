import { settled, until } from './fake-clock.js';
import { AUDIENCE, LEASE_SECONDS, live } from './fake-service.js';
import { Bench } from './verifier-under-test.js';

const LEASE = LEASE_SECONDS * 1000;
/** Clocks of two machines may differ in speed: so much of what was recorded is used. */
const USED = LEASE * 0.8;
const OTHER = 'https://orders.example';

let bench: Bench;
afterEach(() => bench.stop());

/** Without a word from the service the stream would be given up. */
async function passBeating(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= LEASE / 3) {
    bench.service.stream.line({ type: 'beat', head: bench.service.head });
    await bench.clock.pass(Math.min(left, LEASE / 3));
  }
}

const isFollowing = () => bench.verifier.status().isFollowing;
const lookUps = (work: () => unknown) => bench.lookUpsDuring(work);

describe('while it holds a lease, a follower', () => {
  beforeEach(async () => {
    bench = await Bench.start();
  });

  it('asks the service about a token once, and then no more', async () => {
    const token = await bench.service.token();
    expect(await lookUps(() => bench.outcome(token))).toBe(1);
    const calls = bench.service.calls.length;
    for (let i = 0; i < 20; i += 1) expect(await bench.outcome(token)).toBe(200);
    expect(bench.service.calls.length).toBe(calls);
  });

  it('answers about known tickets without a promise', async () => {
    const token = await bench.service.token();
    await bench.outcome(token);
    const auth = bench.verifier.verify({ method: 'GET', headers: { authorization: `Bearer ${token}` } });
    expect(auth).not.toBeInstanceOf(Promise);
    expect(auth).toMatchObject({ by: 'session', user: { id: 'u1' }, session: { id: 's1' } });
  });

  it('asks once for many first requests of one token at once', async () => {
    const token = await bench.service.token();
    const made = await lookUps(async () => {
      const all = Promise.all(Array.from({ length: 50 }, () => bench.outcome(token)));
      expect(new Set(await all)).toEqual(new Set([200]));
    });
    expect(made).toBe(1);
  });

  it('tells the service what it has applied, after it has applied it', async () => {
    const token = await bench.service.token();
    await bench.outcome(token);
    bench.service.verdicts.set(token, { accepted: false, code: 'session_ended' });
    const seen: unknown[] = [];
    bench.service.override = (call) => {
      if (call.method === 'PUT') seen.push({ ...(call.body as object), known: bench.verifier.status().known });
      return undefined;
    };
    bench.service.revoke('session:s1');
    await settled();
    expect(seen).toEqual([{ applied: 1, renews: false, known: 0 }]);
    expect(await bench.outcome(token)).toBe('session_ended');
  });

  it.each([
    ['the session', 'session:s1', 'ended'],
    ['the user', 'user:u1', 'changed'],
    ['everything', 'all:sessions', 'ended'],
  ] as const)('asks again after a revocation of %s', async (_what, subject, kind) => {
    const token = await bench.service.token();
    await bench.outcome(token);
    bench.service.revoke(subject, kind);
    await settled();
    expect(await lookUps(() => bench.outcome(token))).toBe(1);
  });

  it('does not ask again after a revocation of others', async () => {
    const token = await bench.service.token();
    await bench.outcome(token);
    bench.service.revoke('session:s2');
    bench.service.revoke('user:u2');
    await settled();
    expect(await lookUps(() => bench.outcome(token))).toBe(0);
  });

  it('keeps nothing that was asked for before a revocation', async () => {
    const token = await bench.service.token();
    let answer!: () => void;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    bench.service.verdicts.set(token, async () => {
      await asked;
      return live();
    });
    const first = bench.outcome(token);
    await until(() => bench.service.lookUps.length === 1);
    bench.service.revoke('session:s1');
    await settled();
    answer();
    // It came before the revocation was acknowledged, so either answer would do.
    expect(await first).toBe(200);
    bench.service.verdicts.set(token, { accepted: false, code: 'session_ended' });
    expect(await bench.outcome(token)).toBe('session_ended');
  });

  it.each(['session:s1', 'user:u1', 'grant:g1', 'all:sessions'])(
    'lets no request after a revocation of %s join a look-up from before it',
    async (subject) => {
      const token = await bench.service.token();
      let answer!: () => void;
      const asked = new Promise<void>((resolve) => {
        answer = resolve;
      });
      bench.service.verdicts.set(token, async () => {
        await asked;
        return live();
      });
      const before = bench.outcome(token);
      await until(() => bench.service.lookUps.length === 1);
      bench.service.revoke(subject);
      await settled();
      bench.service.verdicts.set(token, { accepted: false, code: 'session_ended' });
      expect(await bench.outcome(token)).toBe('session_ended');
      answer();
      await before;
    },
  );

  it('neither keeps nor shares an answer that an unsettled revocation may be about to change, until it settles', async () => {
    const token = await bench.service.token();
    bench.service.revoke('user:u1', 'changed', { unsettled: true });
    await settled();
    const together = () => Promise.all([bench.outcome(token), bench.outcome(token)]);
    expect(await lookUps(together)).toBe(2);
    expect(await lookUps(together)).toBe(2);
    bench.service.revoke('user:u1', 'changed', { settles: true });
    await settled();
    expect(await lookUps(together)).toBe(1);
    expect(await lookUps(together)).toBe(0);
  });

  it('names in a look-up the revocation that it applied last', async () => {
    bench.service.revoke('session:other');
    await settled();
    await bench.outcome(await bench.service.token());
    expect(bench.service.lookUps[0]).toMatchObject({ applied: 1 });
  });

  it('never keeps an answer that the service says not to keep, nor any longer than it says', async () => {
    const acting = await bench.service.token({ sid: 's2' });
    bench.service.verdicts.set(acting, live({ session: 's2', keep: false }));
    expect(await lookUps(() => bench.outcome(acting))).toBe(1);
    expect(await lookUps(() => bench.outcome(acting))).toBe(1);
    const brief = await bench.service.token({ sid: 's3' });
    bench.service.verdicts.set(brief, live({ session: 's3', goodForSeconds: 2 }));
    await bench.outcome(brief);
    await passBeating(1_900);
    expect(await lookUps(() => bench.outcome(brief))).toBe(0);
    await passBeating(200);
    expect(await lookUps(() => bench.outcome(brief))).toBe(1);
  });

  it('renews its lease as long as the service answers', async () => {
    const token = await bench.service.token();
    await bench.outcome(token);
    expect(
      await lookUps(async () => {
        await passBeating(LEASE * 5);
        await bench.outcome(token);
      }),
    ).toBe(0);
    expect(bench.service.streams.length).toBe(1);
    expect(bench.service.tellings.filter(({ renews }) => renews).length).toBeGreaterThan(10);
  });
});

describe('a follower loses its lease', () => {
  beforeEach(async () => {
    bench = await Bench.start();
  });

  it('when renewals fail, before the service considers it expired', async () => {
    bench.service.override = ({ method }) => (method === 'PUT' ? Response.error() : undefined);
    await passBeating(USED - 1);
    expect(isFollowing()).toBe(true);
    await bench.clock.pass(1);
    expect(isFollowing()).toBe(false);
  });

  it('counted from before it asked, when the answer was slow', async () => {
    await bench.stop();
    const slow = await Bench.start({}, (service) => {
      service.greets = false;
    });
    bench = slow;
    await slow.clock.pass(2_000);
    slow.service.override = ({ method }) => (method === 'PUT' ? Response.error() : undefined);
    slow.service.greet();
    await settled();
    expect(isFollowing()).toBe(true);
    await slow.clock.pass(USED - 2_000);
    expect(isFollowing()).toBe(false);
  });

  it('at once when the machine was suspended, though no timer has run', async () => {
    const token = await bench.service.token();
    await bench.outcome(token);
    bench.clock.suspend(USED);
    expect(isFollowing()).toBe(false);
    expect(await lookUps(() => bench.outcome(token))).toBe(1);
  });

  it('when the stream ends, and knows nothing of before afterwards', async () => {
    const token = await bench.service.token();
    await bench.outcome(token);
    bench.service.stream.close();
    await settled();
    expect(isFollowing()).toBe(false);
    await bench.clock.pass(250);
    expect([isFollowing(), bench.service.streams.length]).toEqual([true, 2]);
    expect(await lookUps(() => bench.outcome(token))).toBe(1);
  });

  it('when the stream is silent for two thirds of a lease, however well it is renewed', async () => {
    await bench.clock.pass((LEASE * 2) / 3 - 1);
    expect([isFollowing(), bench.service.streams.length]).toEqual([true, 1]);
    await bench.clock.pass(1);
    expect(bench.service.streams[0]!.isOver).toBe(true);
    await bench.clock.pass(100);
    expect([isFollowing(), bench.service.streams.length]).toEqual([true, 2]);
  });

  it('when the stream lags: renewals say that there is more, and it has not come by the next one', async () => {
    // What was revoked is in the feed; its line is held up, and beats from before it still come.
    bench.service.head += 1;
    for (let beats = 0; beats < 2; beats += 1) {
      expect(bench.service.streams[0]!.isOver).toBe(false);
      bench.service.stream.line({ type: 'beat', head: 0 });
      await bench.clock.pass(LEASE / 3);
    }
    expect(bench.service.streams[0]!.isOver).toBe(true);
    const renewals = bench.service
      .callsTo('PUT', /lease-1$/)
      .filter(({ body }) => (body as { renews: boolean }).renews);
    expect(renewals.length).toBe(1);
  });

  it('when a beat tells of more, or of less, than has come', async () => {
    bench.service.stream.line({ type: 'beat', head: 1 });
    await settled();
    expect([isFollowing(), bench.service.streams[0]!.isOver]).toEqual([false, true]);
  });

  it.each([401, 403, 404])('when a renewal is answered %i', async (status) => {
    bench.service.override = ({ method }) => (method === 'PUT' ? new Response('{}', { status }) : undefined);
    await passBeating(LEASE / 3);
    expect([isFollowing(), bench.service.streams[0]!.isOver]).toEqual([false, true]);
  });

  it.each([429, 500, 503])('not when a renewal is answered %i once: it is sent again', async (status) => {
    let isFirst = true;
    bench.service.override = ({ method }) => {
      if (method !== 'PUT' || !isFirst) return undefined;
      isFirst = false;
      return new Response('{}', { status });
    };
    await passBeating(LEASE * 2);
    expect([isFollowing(), bench.service.streams.length]).toEqual([true, 1]);
  });

  it.each([
    ['a gap', (seq: number) => `{"type":"revoked","seq":${seq + 2},"subject":"session:x","kind":"ended"}\n`],
    ['a repeated number', (seq: number) => `{"type":"revoked","seq":${seq},"subject":"session:x","kind":"ended"}\n`],
    ['half a line of JSON', () => '{"type":"revoked","seq":\n'],
    [
      'a revocation of an unknown kind',
      (seq: number) => `{"type":"revoked","seq":${seq + 1},"subject":"session:x","kind":"odd"}\n`,
    ],
    [
      'a revocation of an unknown subject',
      (seq: number) => `{"type":"revoked","seq":${seq + 1},"subject":"odd:x","kind":"ended"}\n`,
    ],
    ['a second lease', () => '{"type":"lease","version":1}\n'],
    ['bytes that are no UTF-8', () => '\udc00\n'],
    ['null', () => 'null\n'],
  ])('by %s in the stream, and opens another', async (_what, text) => {
    const token = await bench.service.token();
    await bench.outcome(token);
    bench.service.stream.text(text(bench.service.head));
    await settled();
    const [first] = bench.service.streams;
    if (_what !== 'bytes that are no UTF-8') expect([isFollowing(), first!.isOver]).toEqual([false, true]);
    else expect(isFollowing()).toBe(false);
    await bench.clock.pass(200);
    expect(bench.service.streams.length).toBe(2);
    expect(await lookUps(() => bench.outcome(token))).toBe(1);
  });

  it('when the service names a head that is behind what it has told', async () => {
    bench.service.revoke('session:x');
    await settled();
    bench.service.head = 0;
    bench.service.stream.line({ type: 'beat', head: 1 });
    await bench.clock.pass(LEASE / 3);
    expect([isFollowing(), bench.service.streams[0]!.isOver]).toEqual([false, true]);
  });

  it('and ends it at the service, so that no revoker waits for it', async () => {
    bench.service.stream.close();
    await settled();
    expect(bench.service.callsTo('DELETE', /\/lease-1$/).length).toBe(1);
    await bench.clock.pass(200);
    await bench.stop();
    expect(bench.service.callsTo('DELETE', /\/lease-2$/).length).toBe(1);
  });

  it('an answer about an older lease says nothing about the new one', async () => {
    let answer!: (response: Response) => void;
    bench.service.override = ({ method, url }) =>
      method === 'PUT' && url.endsWith('lease-1') ? new Promise<Response>((resolve) => (answer = resolve)) : undefined;
    await passBeating(LEASE / 3 + 1);
    bench.service.stream.close();
    await settled();
    await bench.clock.pass(200);
    answer(new Response('{}', { status: 404 }));
    await settled();
    expect(isFollowing()).toBe(true);
  });
});

describe('without a lease a verifier', () => {
  const unreachable = () => Response.error();

  it('asks at every request, and shares no answer', async () => {
    bench = await Bench.start({}, (service) => {
      service.override = ({ url }) => (url.endsWith('/followers') ? unreachable() : undefined);
    });
    const token = await bench.service.token();
    expect(await lookUps(() => Promise.all([1, 2, 3].map(() => bench.outcome(token))))).toBe(3);
    expect(await lookUps(() => bench.outcome(token))).toBe(1);
    expect(bench.service.lookUps[0]).not.toHaveProperty('applied');
  });

  it('says 503 with Retry-After when the service is out of reach, and lets no request in', async () => {
    bench = await Bench.start({});
    const token = await bench.service.token();
    expect(await bench.outcome(token)).toBe(200);
    bench.service.override = unreachable;
    bench.service.stream.close();
    await settled();
    const asking = bench.verifier.verify({ method: 'GET', headers: { authorization: `Bearer ${token}` } });
    await expect(asking).rejects.toMatchObject({
      status: 503,
      code: 'unavailable',
      headers: { 'Retry-After': '1', 'Cache-Control': 'no-store' },
    });
  });

  it.each([
    ['an error of the service', () => new Response('{}', { status: 500 })],
    ['a page of a proxy', () => new Response('<html>', { status: 200 })],
    ['an empty object', () => Response.json({})],
    ['accepted without a user', () => Response.json({ ...live(), user: undefined })],
    ['accepted without subjects', () => Response.json({ ...live(), subjects: [] })],
    ['accepted as a text', () => Response.json({ ...live(), accepted: 'true' })],
    ['a refusal of the credential', () => Response.json({ code: 'unauthenticated' }, { status: 401 })],
    ['an unknown code', () => Response.json({ accepted: false, code: 'odd' })],
    ['two megabytes', () => Response.json({ ...live(), more: 'x'.repeat(2_000_000) })],
  ])('takes %s for no answer', async (_what, answer) => {
    bench = await Bench.start();
    const token = await bench.service.token();
    bench.service.override = ({ url }) => (url.endsWith('/look-ups') ? answer() : undefined);
    expect(await bench.outcome(token)).toBe('unavailable');
  });

  it('gives a service that never answers five seconds', async () => {
    bench = await Bench.start();
    const token = await bench.service.token();
    bench.service.override = ({ url }) =>
      url.endsWith('/look-ups') ? new Promise<Response>(() => undefined) : undefined;
    const asking = bench.ask({ authorization: `Bearer ${token}` });
    await until(() => bench.service.lookUps.length === 1);
    await bench.clock.pass(5_000);
    expect(await asking).toBe('unavailable');
  });

  it('where the store of the service cannot push, it asks at every request, and keeps the stream', async () => {
    bench = await Bench.start({}, (service) => {
      service.leaseFields = { id: null, follows: false };
    });
    await expect(bench.verifier.ready()).resolves.toBeUndefined();
    const token = await bench.service.token();
    for (let i = 0; i < 3; i += 1) expect(await lookUps(() => bench.outcome(token))).toBe(1);
    await passBeating(LEASE * 2);
    expect(bench.service.streams.length).toBe(1);
    expect(bench.service.tellings).toEqual([]);
  });
});

describe('a follower that lost its stream', () => {
  it('comes back later each time, at random, and at once when it is there again', async () => {
    bench = await Bench.start({}, (service) => {
      service.override = ({ url }) => (url.endsWith('/followers') ? Response.error() : undefined);
    });
    const opened = () => bench.service.callsTo('POST', /followers$/).length;
    await bench.clock.pass(60_000);
    const tries = opened();
    expect(tries).toBeGreaterThan(8);
    expect(tries).toBeLessThan(45);
    bench.service.override = null;
    for (let i = 0; i < 40 && !isFollowing(); i += 1) await bench.clock.pass(250);
    expect(isFollowing()).toBe(true);
    expect(bench.log.length).toBe(2);
  });

  it('waits as long as the service asks for', async () => {
    bench = await Bench.start({}, (service) => {
      service.override = ({ url }) =>
        url.endsWith('/followers') ? new Response('{}', { status: 503, headers: { 'retry-after': '30' } }) : undefined;
    });
    await bench.clock.pass(29_000);
    expect(bench.service.callsTo('POST', /followers$/).length).toBe(1);
    await bench.clock.pass(10_000);
    expect(bench.service.callsTo('POST', /followers$/).length).toBe(2);
  });

  it('opens another when a node of the service ends it on purpose', async () => {
    bench = await Bench.start();
    bench.service.stream.line({ type: 'end', code: 'unavailable' });
    await settled();
    expect(isFollowing()).toBe(false);
    await bench.clock.pass(200);
    expect(isFollowing()).toBe(true);
  });

  it('says so when the service refuses its credential, names no secret, and lets no request in', async () => {
    bench = await Bench.start({}, (service) => {
      service.override = ({ url }) =>
        url.includes('/followers') ? Response.json({ code: 'unauthenticated' }, { status: 401 }) : undefined;
    });
    await expect(bench.verifier.ready()).rejects.toThrow(/401/);
    expect(await bench.outcome(await bench.service.token())).toBe('unavailable');
    const said = [...bench.log, JSON.stringify(bench.verifier.status())].join(' ');
    expect(said).toContain('401');
    expect(said).not.toContain('cck_');
  });
});

describe('bounded', () => {
  beforeEach(async () => {
    bench = await Bench.start({ mode: 'bounded' }, (service) => {
      service.leaseFields = { mode: 'bounded' };
    });
  });

  it('it follows by the same rules', async () => {
    const token = await bench.service.token();
    await bench.outcome(token);
    const made = await lookUps(async () => {
      await passBeating(LEASE * 4);
      await bench.outcome(token);
    });
    expect(made).toBe(0);
    bench.service.revoke('session:s1');
    await settled();
    expect(await lookUps(() => bench.outcome(token))).toBe(1);
  });
});

describe('signing keys', () => {
  beforeEach(async () => {
    bench = await Bench.start();
  });

  const keysRead = () => bench.service.callsTo('GET', /jwks/).length;

  it('are fetched once, before the first request, without the credential', async () => {
    for (let i = 0; i < 5; i += 1) await bench.outcome(await bench.service.token({ sid: `s${i}` }));
    expect(keysRead()).toBe(1);
    expect(bench.service.callsTo('GET', /jwks/)[0]!.headers.get('authorization')).toBeNull();
  });

  it('that are new are learnt from the token that names one', async () => {
    await bench.service.rotate({ keep: true });
    const token = await bench.service.token();
    // No sooner than a second after the keys were read last.
    const asking = bench.ask({ authorization: `Bearer ${token}` });
    await bench.clock.pass(1_000);
    expect(await asking).toBe(200);
    expect(keysRead()).toBe(2);
  });

  it('that are unknown are asked for once a second at most, however many tokens name them', async () => {
    const stranger = await Bench.start();
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, i) => stranger.service.token({ sid: `x${i}` })));
    await stranger.stop();
    const before = keysRead();
    const asking = Promise.all(tokens.map((token) => bench.ask({ authorization: `Bearer ${token}` })));
    await bench.clock.pass(3_000);
    expect(new Set(await asking)).toEqual(new Set(['unauthenticated']));
    expect(keysRead() - before).toBeLessThanOrEqual(3);
  });

  it.each([
    ['a revocation says that they were taken away', () => bench.service.revoke('key:signing-keys', 'changed')],
    ['a line says that they have changed', () => bench.service.stream.line({ type: 'keys' })],
  ])('count no more when %s, until they are read anew', async (_what, tell) => {
    const old = await bench.service.token();
    expect(await bench.outcome(old)).toBe(200);
    await bench.service.rotate();
    bench.service.verdicts.set(old, { accepted: false, code: 'token_expired' });
    tell();
    await settled();
    expect(await bench.outcome(old)).toBe('token_expired');
    expect(await bench.outcome(await bench.service.token())).toBe(200);
    // Refused by its own text: the service was not asked.
    expect(bench.service.lookUps.filter(({ ticket }) => ticket === old).length).toBe(1);
  });

  it('were read before they were taken away: what was asked for meanwhile is read again', async () => {
    const old = await bench.service.token();
    const { jwks } = bench.service;
    let answer!: () => void;
    bench.service.override = ({ url }) =>
      url.endsWith('jwks.json')
        ? new Promise((resolve) => (answer = () => resolve(Response.json({ keys: jwks }))))
        : undefined;
    bench.service.stream.line({ type: 'keys' });
    await settled();
    const asking = bench.outcome(old);
    await settled();
    bench.service.override = null;
    await bench.service.rotate();
    bench.service.revoke('key:signing-keys', 'changed');
    await settled();
    answer();
    expect(await asking).toBe('token_expired');
  });

  it('that cannot be read let no request in', async () => {
    const token = await bench.service.token();
    await bench.outcome(token);
    for (const answer of [
      Response.error(),
      Response.json({}),
      Response.json({ keys: [{ kty: 'EC', kid: 'x', alg: 'ES256' }] }),
    ]) {
      bench.service.override = ({ url }) => (url.endsWith('jwks.json') ? answer : undefined);
      bench.service.stream.line({ type: 'keys' });
      await settled();
      expect(await bench.outcome(token)).toBe('unavailable');
    }
  });

  it('are published by no service with HMAC: each token is looked up, once', async () => {
    await bench.stop();
    bench = await Bench.start({}, (service) => {
      service.leaseFields = { jwksUri: null };
    });
    const token = await bench.service.token();
    expect(await lookUps(() => bench.outcome(token))).toBe(1);
    expect(await lookUps(() => bench.outcome(token))).toBe(0);
    bench.service.revoke('session:s1');
    await settled();
    expect(await lookUps(() => bench.outcome(token))).toBe(1);
  });

  it.each<[string, string | undefined, unknown, string]>([
    ['its own, which the token names', OTHER, OTHER, OTHER],
    ['its own, though the token is for the service', OTHER, AUDIENCE, OTHER],
    ['its own, when the token says nothing that can be read', OTHER, { $gt: '' }, OTHER],
    ["the service's, without one of its own", undefined, AUDIENCE, AUDIENCE],
  ])(
    'with HMAC has the service judge a token for the audience of this verifier: %s',
    async (_what, own, aud, asked) => {
      await bench.stop();
      bench = await Bench.start({ ...(own && { audience: own }) }, (service) => {
        service.leaseFields = { jwksUri: null };
      });
      await bench.outcome(await bench.service.token({ aud }));
      expect(bench.service.lookUps.map(({ audience }) => audience)).toEqual([asked]);
    },
  );

  it('with HMAC has one of several audiences judged, the one that the token names', async () => {
    await bench.stop();
    bench = await Bench.start({ audience: [AUDIENCE, OTHER] }, (service) => {
      service.leaseFields = { jwksUri: null };
    });
    await bench.outcome(await bench.service.token({ aud: ['https://a.example', OTHER] }));
    expect(bench.service.lookUps.map(({ audience }) => audience)).toEqual([OTHER]);
  });

  it('with HMAC refuses a token of another issuer than it was told, also one that is known', async () => {
    await bench.stop();
    bench = await Bench.start({ issuer: 'https://another.example' }, (service) => {
      service.leaseFields = { jwksUri: null };
    });
    const token = await bench.service.token();
    for (const _ of ['looked up', 'known']) expect(await bench.outcome(token)).toBe('unauthenticated');
    expect(await bench.outcome(await bench.service.token({ iss: 'https://another.example', sid: 's2' }))).toBe(200);
  });

  it('has the service judge a token with HMAC before it has said whether it publishes keys', async () => {
    await bench.stop();
    bench = await Bench.start({}, (service) => {
      service.greets = false;
    });
    const token = await bench.service.token({}, { alg: 'ES256', typ: 'JWT' });
    expect(await bench.outcome(token)).toBe(200);
    expect(bench.service.lookUps.map(({ ticket }) => ticket)).toEqual([token]);
    bench.service.greet();
    await settled();
    expect(await bench.outcome(token)).toBe('unauthenticated');
  });
});

describe('a look-up', () => {
  it('that is answered 409, as the feed is another one, loses the lease and is asked once more', async () => {
    bench = await Bench.start();
    const token = await bench.service.token();
    bench.service.override = ({ url, body }) =>
      url.endsWith('/look-ups') && 'applied' in (body as object) ? new Response('{}', { status: 409 }) : undefined;
    expect(await bench.outcome(token)).toBe(200);
    expect(isFollowing()).toBe(false);
    expect(bench.service.lookUps.map((body) => 'applied' in body)).toEqual([true, false]);
  });
});
