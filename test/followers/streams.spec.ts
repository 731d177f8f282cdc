import { FollowerIds } from '../../src/followers/follower-ids.js';
import { FollowerStream, lineOf } from '../../src/followers/follower-stream.js';
import { Positions } from '../../src/followers/positions.js';
import type { LeaseLine } from '../../src/followers/wire.js';
import { SecretKey } from '../../src/kernel/secret-key.js';

const LEASE: LeaseLine = {
  type: 'lease',
  version: 1,
  id: 'a.1',
  follows: true,
  mode: 'acknowledged',
  leaseSeconds: 3,
  head: 41,
  unsettled: [],
  issuer: 'https://auth.example.com',
  audience: 'https://auth.example.com',
  jwksUri: null,
};
const line = (seq: number) => lineOf({ type: 'revoked', seq, subject: `session:${seq}`, kind: 'ended' });
const linesOf = ({ body }: FollowerStream) =>
  String(body.read() ?? '')
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text));

describe('a stream', () => {
  it('tells the revocations that came while its lease was asked for, except those that the lease contains', () => {
    const stream = new FollowerStream('key', 'acknowledged');
    for (const seq of [40, 41, 42, 43]) stream.revoked(seq, line(seq));
    stream.beat();
    stream.begin(LEASE);
    stream.revoked(44, line(44));
    stream.beat();
    expect(linesOf(stream).map(({ type, seq, head }) => [type, seq ?? head])).toEqual([
      ['lease', 41],
      ['revoked', 42],
      ['revoked', 43],
      ['revoked', 44],
      ['beat', 44],
    ]);
  });

  it('ends at a gap, and tells nothing after that', () => {
    const stream = new FollowerStream('key', 'acknowledged');
    stream.begin(LEASE);
    stream.revoked(43, line(43));
    stream.revoked(44, line(44));
    expect(linesOf(stream).slice(1)).toEqual([{ type: 'end', code: 'unavailable' }]);
    expect(stream.isOpen).toBe(false);
  });

  it('is cut, and keeps no more in memory, when its follower does not read it', () => {
    const stream = new FollowerStream('key', 'acknowledged');
    stream.begin(LEASE);
    let told = 0;
    while (stream.isOpen && told < 100_000) stream.revoked(42 + told, line(42 + told++));
    expect(stream.isOpen).toBe(false);
    expect(told).toBeLessThan(5_000);
    expect(stream.body.destroyed).toBe(true);
  });

  it('is no longer waited for when too much comes before its lease', () => {
    const stream = new FollowerStream('key', 'acknowledged');
    for (let seq = 1; seq <= 10_001; seq += 1) stream.revoked(seq, line(seq));
    expect(stream.isOpen).toBe(false);
  });
});

describe('positions', () => {
  it('know where the feed was so long ago, and claim no more than that', () => {
    const positions = new Positions(3_000);
    expect(positions.dueAt(0)).toBe(0);
    positions.note(10, 0);
    expect(positions.dueAt(2_999)).toBe(0);
    expect(positions.dueAt(3_000)).toBe(10);
    positions.note(20, 4_000);
    expect(positions.dueAt(6_999)).toBe(10);
    expect(positions.dueAt(7_000)).toBe(20);
    positions.clear();
    expect(positions.dueAt(60_000)).toBe(0);
  });

  it('know the last of several that came at once, after which nothing may come for a long time', () => {
    const positions = new Positions(3_000);
    for (const [seq, now] of [
      [10, 0],
      [11, 1],
      [12, 100],
    ] as const)
      positions.note(seq, now);
    expect([2_999, 3_000, 3_099, 3_100].map((now) => positions.dueAt(now))).toEqual([0, 10, 10, 12]);
    expect(positions.dueAt(60_000)).toBe(12);
  });

  it('begin anew with a feed that does', () => {
    const positions = new Positions(3_000);
    positions.note(500, 0);
    positions.note(2, 10_000);
    expect(positions.dueAt(12_000)).toBe(0);
    expect(positions.dueAt(13_000)).toBe(2);
  });

  it('claim nothing newer than they were told, however many come at once', () => {
    const positions = new Positions(3_000);
    let seq = 0;
    for (let now = 0; now < 60_000; now += 1) positions.note(++seq, now);
    // One a millisecond: at 57 s it was 57,001.
    const known = positions.dueAt(60_000);
    expect(known).toBeLessThanOrEqual(57_001);
    expect(known).toBeGreaterThan(56_500);
  });
});

describe('the id of a lease', () => {
  const ids = (secret: number, ...previous: number[]) =>
    new FollowerIds(SecretKey.parse(text(secret), previous.map(text)));
  const text = (byte: number) => Buffer.alloc(32, byte).toString('base64url');

  it('is known again for its own key and mode, and for no other', () => {
    const { id, leaseId } = ids(1).fresh('acknowledged', 'one');
    expect(ids(1).read(id, 'one')).toEqual({ id, leaseId, mode: 'acknowledged' });
    expect(ids(1).read(id, 'two')).toBeNull();
    expect(ids(2).read(id, 'one')).toBeNull();
    expect(ids(1).read(`b${id.slice(1)}`, 'one')).toBeNull();
    expect(ids(1).read(`${id}A`, 'one')).toBeNull();
  });

  it('outlives a change of the secret key', () => {
    const { id } = ids(1).fresh('bounded', 'one');
    expect(ids(2, 1).read(id, 'one')).toMatchObject({ mode: 'bounded' });
  });
});
