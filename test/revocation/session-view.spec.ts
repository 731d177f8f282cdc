import { LeasedSessionView } from '../../src/revocation/leased-session-view.js';
import type { Subject } from '../../src/revocation/revocation-feed.js';
import { FakeSteadyClock, HeldBackSource, snapshotOf } from './doubles.js';

const S: Subject = 'session:s';
const U: Subject = 'user:u';

describe('the leased view', () => {
  let clock: FakeSteadyClock;
  let source: HeldBackSource;
  let lease: { held: boolean; isHeld(): boolean };
  let view: LeasedSessionView;

  beforeEach(() => {
    clock = new FakeSteadyClock();
    source = new HeldBackSource();
    lease = { held: true, isHeld: () => lease.held };
    view = new LeasedSessionView(source, lease, clock, 3);
    source.rows.set('s', snapshotOf('s', 'u'));
  });

  const revisionOf = async (pending: Promise<{ user: { revision: number } } | null>) => (await pending)?.user.revision;
  const change = () => source.rows.set('s', snapshotOf('s', 'u', 2));

  it('answers at once, and loads once, while the lease is held', async () => {
    expect(view.peek('s')).toBeUndefined();
    await view.find('s');
    expect(view.peek('s')?.id).toBe('s');
    await view.find('s');
    expect(source.loads).toBe(1);
  });

  it('answers nothing and keeps nothing without the lease: each request loads for itself', async () => {
    await view.find('s');
    lease.held = false;
    expect(view.peek('s')).toBeUndefined();
    source.isHeldBack = true;
    const both = [view.find('s'), view.find('s')];
    expect(source.loads).toBe(3);
    source.deliverAll();
    await Promise.all(both);
  });

  it.each([S, U])('forgets a session at a revocation of %s', async (subject) => {
    await view.find('s');
    view.apply({ subject, kind: 'changed' });
    expect(view.peek('s')).toBeUndefined();
  });

  it.each([S, U])(
    'keeps no load that a revocation of %s has overtaken, and lets no caller join it',
    async (subject) => {
      source.isHeldBack = true;
      const before = view.find('s');
      change();
      view.apply({ subject, kind: 'changed' });
      const after = view.find('s');
      source.deliverAll();
      expect([await revisionOf(before), await revisionOf(after)]).toEqual([1, 2]);
      expect(view.peek('s')?.user.revision).toBe(2);
    },
  );

  it('keeps a load that a revocation of another user has overtaken', async () => {
    source.isHeldBack = true;
    const loading = view.find('s');
    view.apply({ subject: 'user:other', kind: 'ended' });
    source.deliverAll();
    await loading;
    expect(view.peek('s')?.id).toBe('s');
  });

  it.each(['lost at the end', 'lost and regained'])('keeps no load during which the lease was %s', async (how) => {
    source.isHeldBack = true;
    const loading = view.find('s');
    view.clear();
    lease.held = how === 'lost and regained';
    source.deliverAll();
    await loading;
    lease.held = true;
    expect(view.peek('s')).toBeUndefined();
  });

  it('keeps and shares nothing of a subject whose change is announced but not made, for a minute or until it is', async () => {
    view.apply({ subject: U, kind: 'changed', unsettled: true });
    await view.find('s');
    expect(view.peek('s')).toBeUndefined();
    source.isHeldBack = true;
    const before = view.find('s');
    change();
    const after = view.find('s');
    source.deliverAll();
    expect([await revisionOf(before), await revisionOf(after)]).toEqual([1, 2]);
    source.isHeldBack = false;
    view.apply({ subject: U, kind: 'changed', settles: true });
    await view.find('s');
    expect(view.peek('s')?.user.revision).toBe(2);
  });

  it('waits a minute for a change whose node died, and for each of two at once', async () => {
    view.apply({ subject: S, kind: 'ended', unsettled: true });
    view.apply({ subject: S, kind: 'ended', unsettled: true });
    view.apply({ subject: S, kind: 'ended', settles: true });
    clock.advance(59_999);
    await view.find('s');
    expect(view.peek('s')).toBeUndefined();
    clock.advance(1);
    await view.find('s');
    expect(view.peek('s')?.id).toBe('s');
  });

  it('trusts no load that took a minute: its revocations may be forgotten', async () => {
    source.isHeldBack = true;
    const loading = view.find('s');
    clock.advance(60_000);
    source.deliverAll();
    await loading;
    expect(view.peek('s')).toBeUndefined();
  });

  it('knows at most its capacity, and drops the longest unused', async () => {
    for (const id of ['a', 'b', 'c', 'd']) source.rows.set(id, snapshotOf(id, 'u'));
    for (const id of ['a', 'b', 'c']) await view.find(id);
    view.peek('a');
    await view.find('d');
    expect(['a', 'b', 'c', 'd'].map((id) => view.peek(id) !== undefined)).toEqual([true, false, true, true]);
    expect(view.size).toBe(3);
  });

  it('moves its view when the session is seen, and asks anew when told to', async () => {
    await view.find('s');
    const touch = { lastSeenAt: new Date(5), idleExpiresAt: new Date(6) };
    view.see('s', touch);
    expect(view.peek('s')).toMatchObject(touch);
    change();
    expect(await revisionOf(view.reload('s'))).toBe(2);
    expect(view.peek('s')?.user.revision).toBe(2);
  });

  it('remembers nothing of what is not there', async () => {
    expect(await view.find('nobody')).toBeNull();
    source.rows.set('nobody', snapshotOf('nobody', 'u'));
    expect((await view.find('nobody'))?.id).toBe('nobody');
  });
});
