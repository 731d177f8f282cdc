import { CredentialView, CredentialViews, type Kept } from './credential-view.js';
import { EVERYTHING, type Subject } from './revocation-feed.js';
import { SteadyClock } from './steady-clock.js';

class StillClock extends SteadyClock {
  milliseconds(): number {
    return 1_000;
  }
}

const lease = { held: true, isHeld: () => lease.held, follow: () => undefined };
let view: CredentialView<Kept>;
let loads: number;
beforeEach(() => {
  lease.held = true;
  loads = 0;
  view = new CredentialView(lease, new StillClock(), 2);
});

const one: Kept = { subjects: ['key:1', 'user:ada'] };
const load = (found: Kept = one) => {
  loads += 1;
  return Promise.resolve(found);
};

describe('the view of credentials', () => {
  it('answers what it has loaded, and nothing it has not', async () => {
    expect(view.peek('a')).toBeUndefined();
    await view.load('a', load);
    expect([view.peek('a'), view.peek('b'), loads]).toEqual([one, undefined, 1]);
  });

  it.each<Subject>(['key:1', 'user:ada', EVERYTHING])('forgets what a revocation of %s concerns', async (subject) => {
    await view.load('a', load);
    view.apply({ subject: 'key:2', kind: 'ended' });
    expect(view.peek('a')).toBe(one);
    view.apply({ subject, kind: 'changed' });
    expect(view.peek('a')).toBeUndefined();
  });

  it.each<Subject>(['key:1', 'user:ada', EVERYTHING])(
    'keeps no load that a revocation of %s overtook',
    async (subject) => {
      await view.load('a', () => {
        view.apply({ subject, kind: 'ended' });
        return load();
      });
      expect(view.peek('a')).toBeUndefined();
    },
  );

  it('keeps nothing while a change is announced and not made, nor across the loss of the lease', async () => {
    view.apply({ subject: 'key:1', kind: 'ended', unsettled: true });
    await view.load('a', load);
    expect(view.peek('a')).toBeUndefined();
    view.apply({ subject: 'key:1', kind: 'ended', settles: true });
    await view.load('a', () => {
      view.clear();
      return load();
    });
    expect(view.peek('a')).toBeUndefined();
    await view.load('a', load);
    lease.held = false;
    expect(view.peek('a')).toBeUndefined();
  });

  it('keeps no refusal, and no more than it may', async () => {
    await expect(view.load('a', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    for (const key of ['a', 'b', 'c']) await view.load(key, load);
    expect(['a', 'b', 'c'].map((key) => view.peek(key) !== undefined)).toEqual([false, true, true]);
    view.apply({ subject: 'user:ada', kind: 'changed' });
    expect(['b', 'c'].map((key) => view.peek(key))).toEqual([undefined, undefined]);
  });

  it('keeps nothing at all where the storage cannot push, or the application’s own store announces nothing', async () => {
    const silent = new CredentialViews(lease, new StillClock()).createView<Kept>(2, false);
    const pushless = new CredentialViews(null, new StillClock()).createView<Kept>(2, true);
    for (const none of [silent, pushless]) {
      await none.load('a', load);
      expect(none.peek('a')).toBeUndefined();
    }
  });
});
