import { HEADINGS, type Line, publish, tableOf } from '../harness/figures.js';
import { isLong } from '../harness/form.js';
import { Ground, type Shot } from '../harness/ground.js';
import { pause } from '../harness/pause.js';
import type { Person } from '../harness/people.js';
import { Tally } from '../harness/tally.js';

/** As many pairs as the issue of enumeration asks for, at the full price of a hash. */
const PAIRS = isLong ? Number(process.env.LAB_PAIRS ?? 500) : 20;
/** In the short form, until the minima are where they have to be: on a busy machine few requests are undisturbed. */
const MOST_PAIRS = isLong ? PAIRS : 200;
const FULL = { memoryKib: 19_456 };
/** Of medians and of minima. */
const MOST_MILLISECONDS = 2;
const MOST_SHARE_OF_HASH = 0.05;

const lines: Line[] = [];

describe('interleaved twins at a real node, at the full price of a hash:', () => {
  let ground: Ground;
  let hashMilliseconds: number;
  beforeAll(async () => {
    ground = await Ground.start({ PASSWORD_HASH_MEMORY_KIB: String(FULL.memoryKib) }, FULL, 1);
    hashMilliseconds = await hashTime(ground);
  });
  afterAll(async () => {
    publish('twins', tableOf(HEADINGS, lines));
    await ground?.end();
  });

  const post = (what: string, body: object, from: Person): Shot => ({ node: 0, path: `/auth/${what}`, body, from });
  const password = 'wrong horse battery staple';

  it.each([
    ['login', 401, ({ email }: Person) => ({ email, password })],
    ['register', 202, ({ email }: Person) => ({ email, password })],
    ['password/forgot', 202, ({ email }: Person) => ({ email })],
  ])('%s looks and lasts the same for a known and an unknown address', async (what, status, bodyOf) => {
    const people = await ground.people.make(MOST_PAIRS);
    const tally = new Tally();
    const looks = new Set<string>();
    const ask = async (person: Person, kind: string) => {
      const start = performance.now();
      const reply = await ground.send(post(what, bodyOf(person), person));
      tally.time(kind, performance.now() - start);
      expect(reply.status).toBe(status);
      looks.add(lookOf(reply));
    };
    // In short a few pairs beside everything else that runs: a hash left out would show all the same.
    const bound = isLong ? Math.min(MOST_MILLISECONDS, MOST_SHARE_OF_HASH * hashMilliseconds) : 0.5 * hashMilliseconds;
    const apart = (share: number) =>
      Math.abs(tally.milliseconds('known', share) - tally.milliseconds('unknown', share));
    let pairs = 0;
    for (const [i, person] of people.entries()) {
      if (i >= PAIRS && apart(0) < bound) break;
      pairs += 1;
      const twins = [() => ask(person, 'known'), () => ask(ground.people.another(), 'unknown')];
      for (const twin of i % 2 ? twins : twins.reverse()) await twin();
      // What is done for somebody after the answer must not fall into the time of the next, whoever that is.
      if (i % 10 === 9) await pause(170);
    }
    const [medians, minima] = [apart(0.5), apart(0)];
    const told = [
      ...(looks.size > 1 ? [`${looks.size} looks: ${[...looks].join(' and ')}`] : []),
      ...(minima! < bound ? [] : [`minima ${minima} ms apart`]),
      ...(medians! < bound || !isLong ? [] : [`medians ${medians} ms apart`]),
    ];
    lines.push([
      'LOG-01, REG-01, REC',
      what,
      String(pairs),
      `medians ${tally.quantile('known', 0.5)} and ${tally.quantile('unknown', 0.5)}, apart ${medians!.toFixed(2)} ms; minima apart ${minima!.toFixed(2)} ms; hash ${hashMilliseconds.toFixed(1)} ms; ${looks.size} look`,
      told.length,
    ]);
    expect(told).toEqual([]);
  });
});

/** Names and values of all headers, but for those that differ from request to request, and the body's length and words. */
function lookOf({ head, body }: { head: string; body: string }): string {
  const headers = head.replace(/^(x-request-id|date|ratelimit-reset|retry-after): .*$/gim, '$1');
  return `${headers}\n${body.length} ${body.replace(/"requestId":"[^"]+"/, '')}`;
}

/** The least a login takes more than a refusal without a hash: what a guesser would look for. */
async function hashTime(ground: Ground): Promise<number> {
  const tally = new Tally();
  const people = await ground.people.make(20);
  for (const person of people) {
    for (const [kind, password] of [
      ['hashed', 'wrong horse battery staple'],
      ['refused', ''],
    ] as const) {
      const start = performance.now();
      await ground.send({ node: 0, path: '/auth/login', body: { email: person.email, password }, from: person });
      tally.time(kind, performance.now() - start);
    }
  }
  return tally.milliseconds('hashed', 0) - tally.milliseconds('refused', 0);
}
