import type { EpochInForce } from '../sessions/live-part.js';
import type { SessionRecord, SessionStore } from '../sessions/session.store.js';
import type { TestFramework } from './test-framework.js';

/** The set-up of these rules. */
export interface SessionsPerUserSetup {
  store(): SessionStore;
  makeUser(): Promise<string>;
  session(values: Partial<SessionRecord>): Promise<SessionRecord>;
}

const NOW = new Date('2030-01-01T12:00:00.123Z');
const IN_FORCE: EpochInForce = { epochSum: 3, excepted: null };
const MANY = 20;

/** The rules of `SessionStore.insert` with a bound. */
export class SessionsPerUserRules {
  constructor(
    private readonly framework: TestFramework,
    private readonly setup: SessionsPerUserSetup,
  ) {}

  declare(): void {
    const { it, expect } = this.framework;
    it('ends the oldest live session where there are too many, and tells which', async () => {
      const userId = await this.setup.makeUser();
      const [first, second] = [await this.started(userId, 1, 3), await this.started(userId, 2, 3)];
      const third = await this.started(userId, 3, 3);
      expect([first.ended, second.ended, third.ended]).toEqual([[], [], []]);
      const fourth = await this.started(userId, 4, 3);
      expect(fourth.ended).toEqual([first.session.id]);
      const found = await this.setup.store().find(first.session.id);
      expect(found).toEqual({ ...first.session, endedAt: at(4), endReason: 'too_many' });
      expect(await this.liveIds(userId)).toEqual([fourth, third, second].map(({ session }) => session.id));
    });
    it('a bound of one leaves the new session alone', async () => {
      const userId = await this.setup.makeUser();
      const first = await this.started(userId, 1, 1);
      const second = await this.started(userId, 2, 1);
      expect(second.ended).toEqual([first.session.id]);
      expect(await this.liveIds(userId)).toEqual([second.session.id]);
    });
    it('ends nothing that a slow clock makes look younger than the new session', async () => {
      const userId = await this.setup.makeUser();
      const old = await this.started(userId, 10, 1);
      const { session, ended } = await this.started(userId, 5, 1);
      expect(ended).toEqual([old.session.id]);
      expect(await this.liveIds(userId)).toEqual([session.id]);
    });
    it('ends those inserted first, whatever the clocks of the nodes that began them say', async () => {
      const userId = await this.setup.makeUser();
      // Of two nodes, one 120 s behind the other: what it begins looks older than all that the other has begun.
      const [first, second] = [await this.started(userId, 120, 2), await this.started(userId, 121, 2)];
      const behind = await this.started(userId, 2, 2);
      const ahead = await this.started(userId, 123, 2);
      const behindAgain = await this.started(userId, 4, 2);
      expect([behind.ended, ahead.ended, behindAgain.ended]).toEqual([
        [first.session.id],
        [second.session.id],
        [behind.session.id],
      ]);
      expect(await this.liveIds(userId)).toEqual([ahead, behindAgain].map(({ session }) => session.id));
    });
    it('takes one in another’s place, as old as that, for the latest, and what has run out since for over', async () => {
      const userId = await this.setup.makeUser();
      const store = this.setup.store();
      await store.insert(await this.setup.session({ userId, createdAt: at(1), idleExpiresAt: at(20) }));
      const kept = await this.started(userId, 10, 2);
      const renewed = await this.started(userId, 1, 2, IN_FORCE, 30);
      expect(renewed.ended).toEqual([]);
      expect((await this.started(userId, 40, 2)).ended).toEqual([kept.session.id]);
      expect(await store.find(kept.session.id)).toMatchObject({ endedAt: at(40) });
      expect(await store.find(renewed.session.id)).toMatchObject({ endedAt: null });
    });
    it('counts neither what has ended, nor what has run out, nor what an epoch has ended', async () => {
      const userId = await this.setup.makeUser();
      const kept = await this.started(userId, 1, 2);
      const store = this.setup.store();
      await store.insert(await this.setup.session({ userId, createdAt: at(2), idleExpiresAt: at(3) }));
      await store.insert(await this.setup.session({ userId, createdAt: at(2), absoluteExpiresAt: at(3) }));
      await store.insert(await this.setup.session({ userId, createdAt: at(2), epochSum: 2 }));
      const ended = await this.setup.session({ userId, createdAt: at(2) });
      await store.insert(ended);
      await store.consumeLive(ended.id, at(3), 'logout');
      expect((await this.started(userId, 4, 2)).ended).toEqual([]);
      expect((await this.started(userId, 5, 2)).ended).toEqual([kept.session.id]);
    });
    it('counts the session that was spared when an epoch ended', async () => {
      const userId = await this.setup.makeUser();
      const excepted = await this.setup.session({ userId, createdAt: at(1), epochSum: 2 });
      await this.setup.store().insert(excepted);
      const inForce = { epochSum: 3, excepted: { id: excepted.id, epochSum: 2 } };
      expect((await this.started(userId, 2, 2, inForce)).ended).toEqual([]);
      expect((await this.started(userId, 3, 2, inForce)).ended).toEqual([excepted.id]);
    });
    it('ends nothing of another user', async () => {
      const other = await this.started(await this.setup.makeUser(), 1, 1);
      expect((await this.started(await this.setup.makeUser(), 2, 1)).ended).toEqual([]);
      expect(await this.setup.store().find(other.session.id)).toEqual(other.session);
    });
    for (const most of [1, 5]) {
      it(`of ${MANY} started at once no more than ${most} live, and each of the others was ended by exactly one`, async () => {
        const userId = await this.setup.makeUser();
        const old = await this.started(userId, 1, most);
        const all = await Promise.all(Array.from({ length: MANY }, (_, i) => this.started(userId, 10 + i, most)));
        const live = await this.liveIds(userId);
        const ended = all.flatMap((one) => one.ended);
        expect(live.length).toBeGreaterThan(0);
        expect(live.length).toBeLessThanOrEqual(most);
        expect([...ended, ...live].sort()).toEqual([old, ...all].map(({ session }) => session.id).sort());
      });
    }
    it('never ends more than a hundred at once, the oldest first', async () => {
      const userId = await this.setup.makeUser();
      const store = this.setup.store();
      const seeded = await Promise.all(
        Array.from({ length: 130 }, (_, i) => this.setup.session({ userId, createdAt: at(i) })),
      );
      for (const session of seeded) await store.insert(session);
      const { ended } = await this.started(userId, 200, 10);
      expect([...ended].sort()).toEqual(
        seeded
          .slice(0, 100)
          .map(({ id }) => id)
          .sort(),
      );
      expect((await this.started(userId, 201, 10)).ended).toHaveLength(22);
      expect(await this.liveIds(userId)).toHaveLength(10);
    });
  }

  private async started(userId: string, seconds: number, most: number, inForce = IN_FORCE, seen = seconds) {
    const session = await this.setup.session({ userId, createdAt: at(seconds), lastSeenAt: at(seen) });
    const ended = await this.setup.store().insert(session, undefined, { most, inForce, endReason: 'too_many' });
    return { session, ended };
  }

  private async liveIds(userId: string): Promise<string[]> {
    const part = await this.setup.store().listLive(userId, at(300), { after: null, limit: 100 });
    return part.sessions.filter(({ epochSum }) => epochSum === 3).map(({ id }) => id);
  }
}

/** Within the life of every session of the suite. */
function at(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}
