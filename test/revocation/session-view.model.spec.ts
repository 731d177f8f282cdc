import fc from 'fast-check';
import { LeasedSessionView } from '../../src/revocation/leased-session-view.js';
import type { Announcement } from '../../src/revocation/revocation-feed.js';
import { SnapshotCache } from '../../src/revocation/snapshot-cache.js';
import { FakeSteadyClock, HeldBackSource, snapshotOf } from './doubles.js';

const SESSIONS = 4;
const USERS = 2;
const userOf = (session: number) => session % USERS;

type Step =
  | { act: 'find' | 'peek' | 'end' | 'startLoad'; session: number }
  | { act: 'change'; user: number; settled: boolean }
  | { act: 'settle'; user: number }
  | { act: 'deliver' | 'lose' | 'regain' }
  | { act: 'wait'; milliseconds: number };

const session = fc.nat(SESSIONS - 1);
const user = fc.nat(USERS - 1);
const steps = fc.array(
  fc.oneof(
    fc.record({ act: fc.constantFrom('find', 'peek', 'end', 'startLoad'), session }),
    fc.record({ act: fc.constant('change'), user, settled: fc.boolean() }),
    fc.record({ act: fc.constant('settle'), user }),
    fc.record({ act: fc.constantFrom('deliver', 'lose', 'regain') }),
    fc.record({ act: fc.constant('wait'), milliseconds: fc.constantFrom(1, 1000, 30_000, 60_000) }),
  ),
  { maxLength: 80, size: 'max' },
) as fc.Arbitrary<Step[]>;

describe('the view against a plain map of what the store says', () => {
  it('never answers with anything older than the last applied revocation', async () => {
    await fc.assert(fc.asyncProperty(steps, fc.integer({ min: 1, max: SESSIONS }), run), { numRuns: 1000 });
  });
});

/** Each change counts the version up in the store, and the model asks for exactly that version from every later answer. */
async function run(script: Step[], capacity: number): Promise<void> {
  const clock = new FakeSteadyClock();
  const source = new HeldBackSource();
  const lease = { held: true, isHeld: () => lease.held };
  const view = new LeasedSessionView(source, lease, clock, capacity);
  const versions = Array.from({ length: SESSIONS }, () => 1);
  const pending: Promise<unknown>[] = [];
  /** Changes announced, not yet made, by user; at most one each, as made within a minute. */
  const announced = new Map<number, number>();
  const write = (at: number) => {
    versions[at]! += 1;
    source.rows.set(`s${at}`, snapshotOf(`s${at}`, `u${userOf(at)}`, versions[at]));
  };
  /** A node without a lease hears nothing. */
  const tell = (announcement: Announcement) => lease.held && view.apply(announcement);
  for (let at = 0; at < SESSIONS; at += 1) write(at);
  const settle = (who: number) => {
    if (!announced.delete(who)) return;
    for (let at = who; at < SESSIONS; at += USERS) write(at);
    // Its node may have died before it could say so; the odd ones do.
    if (who % 2 === 0) tell({ subject: `user:u${who}`, kind: 'changed', settles: true });
  };

  for (const step of script) {
    if (step.act === 'find') {
      source.isHeldBack = false;
      const expected = versions[step.session];
      // A load that is held back may be joined; it may be delivered now, and must be as fresh as one begun now.
      const found = view.find(`s${step.session}`);
      source.deliverAll();
      expect((await found)?.user.revision).toBe(expected);
    }
    if (step.act === 'peek') {
      const known = view.peek(`s${step.session}`);
      expect([undefined, versions[step.session]]).toContain(known?.user.revision);
      if (!lease.held) expect(known).toBeUndefined();
    }
    if (step.act === 'startLoad') {
      source.isHeldBack = true;
      pending.push(view.find(`s${step.session}`));
    }
    if (step.act === 'end') {
      write(step.session);
      tell({ subject: `session:s${step.session}`, kind: 'ended' });
    }
    if (step.act === 'change' && !announced.has(step.user)) {
      tell({ subject: `user:u${step.user}`, kind: 'changed', unsettled: true });
      announced.set(step.user, clock.milliseconds());
      if (step.settled) settle(step.user);
    }
    if (step.act === 'settle') settle(step.user);
    if (step.act === 'deliver') {
      source.deliverAll();
      await delivered();
    }
    if (step.act === 'lose') {
      lease.held = false;
      view.clear();
    }
    if (step.act === 'regain') {
      lease.held = true;
      // As a grant does: what may still become visible is told again.
      for (const who of announced.keys()) tell({ subject: `user:u${who}`, kind: 'changed', unsettled: true });
    }
    if (step.act === 'wait') {
      // The contract: a change is made within a minute of its announcement, or never.
      for (const who of [...announced.keys()]) settle(who);
      clock.advance(step.milliseconds);
    }
    await Promise.resolve();
    expect(view.size).toBeLessThanOrEqual(capacity);
  }
  source.deliverAll();
  await Promise.all(pending);
}

/** After all that loads have to do with what was delivered. */
function delivered(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('the snapshot cache against a plain map', () => {
  const operation = fc.record({
    act: fc.constantFrom('put', 'get', 'delete', 'deleteOfUser', 'amend', 'clear'),
    session,
    user,
  });
  it('holds what a map that drops the longest unused would hold', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 200, size: 'max' }),
        fc.integer({ min: 1, max: SESSIONS }),
        (script, capacity) => {
          const cache = new SnapshotCache(capacity);
          const model = new Map<string, string>();
          for (const { act, session: s, user: u } of script) {
            const id = `s${s}`;
            if (act === 'put') {
              cache.put(snapshotOf(id, `u${u}`));
              model.delete(id);
              model.set(id, `u${u}`);
              if (model.size > capacity) model.delete(model.keys().next().value!);
            }
            if (act === 'get') {
              const known = model.get(id);
              expect(cache.get(id)?.user.id).toBe(known);
              if (known !== undefined) model.delete(id) && model.set(id, known);
            }
            if (act === 'delete') {
              cache.delete(id);
              model.delete(id);
            }
            if (act === 'deleteOfUser') {
              cache.deleteOfUser(`u${u}`);
              for (const [key, owner] of [...model]) if (owner === `u${u}`) model.delete(key);
            }
            if (act === 'amend') cache.amend(id, { lastSeenAt: new Date(7), idleExpiresAt: new Date(8) });
            if (act === 'clear') {
              cache.clear();
              model.clear();
            }
            expect(cache.size).toBe(model.size);
          }
          for (const [id, owner] of model) expect(cache.get(id)?.user.id).toBe(owner);
        },
      ),
      { numRuns: 200 },
    );
  });
});
