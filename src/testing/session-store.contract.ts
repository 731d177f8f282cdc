import { randomUUID } from 'node:crypto';
import type { EpochInForce, LivePart, SessionPosition } from '../sessions/live-part.js';
import type { SessionRecord, SessionStore } from '../sessions/session.store.js';
import type { UserTable } from '../users/user.store.js';
import { SessionsPerUserRules } from './sessions-per-user.contract.js';
import type { TestFramework } from './test-framework.js';

/** The set-up that a session store brings to its contract suite. */
export interface SessionStoreSetup {
  readonly store: SessionStore;
  /** The id of a user that exists, a new one at each call. */
  makeUser(): Promise<string>;
  /** The users' table in the database of the sessions. Absent: the store can look into none. */
  readonly users?: UserTable;
  close(): Promise<void>;
}

const NOW = new Date('2030-01-01T12:00:00.123Z');
const MANY = 50;
const FAR_DEADLINES = {
  idleExpiresAt: new Date('2031-01-01T00:00:00Z'),
  absoluteExpiresAt: new Date('2031-01-01T00:00:00Z'),
};

/**
 * The rules every `SessionStore` keeps.
 *
 * @example
 * exerciseSessionStore({ describe, it, expect, beforeAll, afterAll }, async () => ({ store, makeUser, close }))
 */
export function exerciseSessionStore(framework: TestFramework, setup: () => Promise<SessionStoreSetup>): void {
  const { describe, beforeAll, afterAll } = framework;
  describe('a session store', () => {
    const suite = new SessionStoreSuite(framework);
    beforeAll(async () => {
      suite.setup = await setup();
    });
    afterAll(() => suite.setup.close());
    suite.insertAndFind();
    suite.listLive();
    suite.listNewestOfAll();
    suite.touch();
    suite.hostsNotes();
    suite.consumeLive();
    suite.markSuperseded();
    suite.bound();
    suite.locked();
    suite.races();
  });
}

class SessionStoreSuite {
  setup!: SessionStoreSetup;

  constructor(private readonly framework: TestFramework) {}

  insertAndFind(): void {
    const { it, expect } = this.framework;
    it('finds a session as it was inserted', async () => {
      const session = await this.inserted({ amr: ['pwd', 'otp', 'a,b', '{"c"}'] });
      expect(await this.find(session)).toEqual(session);
    });
    it('keeps absent values null', async () => {
      const absent = {
        secretHash: null,
        ip: null,
        userAgent: null,
        claims: null,
        claimsRevision: null,
        metadata: null,
      };
      const session = await this.inserted({ ...absent, amr: [] });
      expect(await this.find(session)).toEqual(session);
    });
    it('keeps the longest address and user agent', async () => {
      const session = await this.inserted({ ip: 'f'.repeat(45), userAgent: 'ü'.repeat(512) });
      expect(await this.find(session)).toEqual(session);
    });
    it('finds nothing for an id it does not know, or that is no id', async () => {
      for (const id of [randomUUID(), '', 'no-uuid', "' OR 1=1 --"]) expect(await this.store.find(id)).toBe(null);
    });
    it('finds a session past its deadlines', async () => {
      const session = await this.inserted({ idleExpiresAt: before(1), absoluteExpiresAt: before(1) });
      expect(await this.find(session)).toEqual(session);
    });
    it('never adopts an id that is taken, and leaves its owner as it was', async () => {
      const session = await this.inserted();
      const intruder = { ...session, userId: await this.setup.makeUser(), secretHash: 'another' };
      await expect(this.store.insert(intruder)).rejects.toThrow();
      expect(await this.find(session)).toEqual(session);
    });
    it('shares nothing with what it was given and what it gave', async () => {
      const given = await this.session();
      await this.store.insert(given);
      const expected = { ...given, amr: [...given.amr], createdAt: new Date(given.createdAt) };
      spoil(given);
      spoil((await this.store.find(given.id))!);
      for (const listed of await this.live(given.userId)) spoil(listed);
      expect(await this.find(given)).toEqual(expected);
    });
  }

  hostsNotes(): void {
    const { it, expect } = this.framework;
    it('keeps the claims of a later revision, and of no other', async () => {
      const session = await this.inserted();
      const claims = { tenant: 'b' };
      expect(await this.store.writeClaims(session.id, { tenant: 'old' }, 3)).toBe(false);
      expect(await this.store.writeClaims(session.id, { tenant: 'same' }, 4)).toBe(false);
      expect(await this.find(session)).toEqual(session);
      expect(await this.store.writeClaims(session.id, claims, 6)).toBe(true);
      expect(await this.find(session)).toEqual({ ...session, claims, claimsRevision: 6 });
      const without = await this.inserted({ claims: null, claimsRevision: null });
      expect(await this.store.writeClaims(without.id, claims, 1)).toBe(true);
      expect(await this.find(without)).toEqual({ ...without, claims, claimsRevision: 1 });
    });
    it('keeps the first of many claims of one revision', async () => {
      const { id } = await this.inserted();
      const written = await Promise.all(
        Array.from({ length: 20 }, async (_, tenant) =>
          (await this.store.writeClaims(id, { tenant }, 5)) ? tenant : null,
        ),
      );
      const winners = written.filter((tenant) => tenant !== null);
      expect(winners).toHaveLength(1);
      expect((await this.store.find(id))?.claims).toEqual({ tenant: winners[0] });
    });
    it('keeps the last metadata, whole', async () => {
      const session = await this.inserted();
      expect(await this.store.writeMetadata(session.id, { shop: 'b', note: '€"\\' })).toBe(true);
      expect(await this.store.writeMetadata(session.id, { shop: 'c' })).toBe(true);
      expect(await this.find(session)).toEqual({ ...session, metadata: { shop: 'c' } });
    });
    it('loses neither claims nor metadata by a touch', async () => {
      const session = await this.inserted();
      await this.store.touch(session.id, { lastSeenAt: after(1), idleExpiresAt: after(3601) });
      const { claims, claimsRevision, metadata } = session;
      expect(await this.find(session)).toMatchObject({ claims, claimsRevision, metadata });
    });
    it('writes neither into a session that has ended, nor for an id it does not know', async () => {
      const session = await this.inserted();
      await this.store.consumeLive(session.id, NOW, 'logout');
      for (const id of [session.id, randomUUID(), 'no-uuid']) {
        expect(await this.store.writeClaims(id, { tenant: 'x' }, 9)).toBe(false);
        expect(await this.store.writeMetadata(id, { shop: 'x' })).toBe(false);
      }
      const { claims, metadata } = session;
      expect(await this.find(session)).toMatchObject({ claims, metadata });
    });
  }

  listLive(): void {
    const { it, expect } = this.framework;
    it('lists the live sessions of one user, the latest started first', async () => {
      const userId = await this.setup.makeUser();
      const started = [2, 1, 3].map((seconds) => before(seconds));
      const [second, first, third] = await Promise.all(
        started.map((createdAt) => this.inserted({ userId, createdAt })),
      );
      await this.inserted();
      expect(await this.live(userId)).toEqual([first, second, third]);
    });
    it('lists every session once, a part at a time, also those started at one instant', async () => {
      const userId = await this.setup.makeUser();
      const sessions = await Promise.all(
        Array.from({ length: 25 }, (_, i) => this.inserted({ userId, createdAt: before(i < 9 ? 0 : i % 3) })),
      );
      const all = await this.live(userId);
      expect(sorted(all.map(({ id }) => id))).toEqual(sorted(sessions.map(({ id }) => id)));
      expect(await this.live(userId, NOW, 4)).toEqual(all);
      expect((await this.store.listLive(userId, NOW, { after: null, limit: 25 })).next).toBe(null);
    });
    it('goes on behind a session that has ended meanwhile', async () => {
      const userId = await this.setup.makeUser();
      await Promise.all([1, 2, 3, 4].map((seconds) => this.inserted({ userId, createdAt: before(seconds) })));
      const all = await this.live(userId);
      const { sessions, next } = await this.store.listLive(userId, NOW, { after: null, limit: 2 });
      await this.store.consumeLive(sessions[1]!.id, NOW, 'logout');
      const rest = await this.store.listLive(userId, NOW, { after: next, limit: 10 });
      expect(rest).toEqual({ sessions: all.slice(2), next: null });
    });
    it('leaves out what an epoch has ended, but for the one that was excepted, and that of no other epoch', async () => {
      const userId = await this.setup.makeUser();
      const [old, excepted, fresh] = await Promise.all(
        [3, 3, 4].map((epochSum, i) => this.inserted({ userId, epochSum, createdAt: before(i) })),
      );
      const idsOf = async (inForce: EpochInForce) => {
        const part = await this.store.listLive(userId, NOW, { after: null, limit: 10, inForce });
        return part.sessions.map(({ id }) => id);
      };
      expect(await idsOf({ epochSum: 4, excepted: { id: excepted!.id, epochSum: 3 } })).toEqual([
        excepted!.id,
        fresh!.id,
      ]);
      expect(await idsOf({ epochSum: 4, excepted: { id: excepted!.id, epochSum: 2 } })).toEqual([fresh!.id]);
      expect(await idsOf({ epochSum: 3, excepted: { id: excepted!.id, epochSum: 3 } })).toEqual([
        old!.id,
        excepted!.id,
      ]);
      expect(await idsOf({ epochSum: 5, excepted: null })).toEqual([]);
    });
    it('lists a session until just before either deadline, and not at it', async () => {
      const userId = await this.setup.makeUser();
      const idle = await this.inserted({ userId, idleExpiresAt: after(60), createdAt: before(1) });
      const absolute = await this.inserted({ userId, absoluteExpiresAt: after(60), createdAt: before(2) });
      expect(await this.liveIds(userId, after(59.999))).toEqual([idle.id, absolute.id]);
      expect(await this.liveIds(userId, after(60))).toEqual([]);
    });
    it('lists no ended session', async () => {
      const { id, userId } = await this.inserted();
      await this.store.consumeLive(id, NOW, 'logout');
      expect(await this.live(userId)).toEqual([]);
    });
    it('lists nothing for a user it does not know, or that is no user', async () => {
      for (const userId of [randomUUID(), '', 'nobody']) expect(await this.live(userId)).toEqual([]);
    });
  }

  listNewestOfAll(): void {
    const { it, expect } = this.framework;
    it('lists the live sessions of everyone, the latest started first and each once, if it sorts them', async () => {
      if (!this.store.sortsEveryones) return;
      // Later than all others of this suite, which so come after them.
      const newest = await Promise.all(
        [7, 9, 8, 8, 6].map((days) => this.inserted({ createdAt: after(days * 86_400), ...FAR_DEADLINES })),
      );
      const [over] = await Promise.all([
        this.inserted({ createdAt: after(10 * 86_400), ...FAR_DEADLINES }),
        this.inserted({ createdAt: after(11 * 86_400), idleExpiresAt: NOW }),
      ]);
      await this.store.consumeLive(over!.id, NOW, 'logout');
      const expected = [...newest].sort(
        (one, other) => other.createdAt.getTime() - one.createdAt.getTime() || (one.id < other.id ? 1 : -1),
      );
      const listed: SessionRecord[] = [];
      for (let place: SessionPosition | null = null; listed.length < expected.length; ) {
        const part: LivePart = await this.store.listNewestOfAll(place, 2, NOW);
        listed.push(...part.sessions);
        place = part.next;
        if (place === null) break;
      }
      expect(listed.slice(0, expected.length)).toEqual(expected);
    });
  }

  touch(): void {
    const { it, expect } = this.framework;
    it('records a later last-seen update, and nothing else', async () => {
      const session = await this.inserted();
      const touch = { lastSeenAt: after(1), idleExpiresAt: after(3601) };
      expect(await this.store.touch(session.id, touch)).toBe(true);
      expect(await this.find(session)).toEqual({ ...session, ...touch });
    });
    it('never turns time back: a last-seen update of the same instant or before is dropped', async () => {
      const session = await this.inserted();
      for (const seconds of [0, 0.001, 60]) {
        const touch = { lastSeenAt: before(seconds), idleExpiresAt: after(9999) };
        expect(await this.store.touch(session.id, touch)).toBe(false);
      }
      expect(await this.find(session)).toEqual(session);
    });
    it('records no last-seen update of an ended session', async () => {
      const session = await this.inserted();
      await this.store.consumeLive(session.id, NOW, 'logout');
      expect(await this.store.touch(session.id, { lastSeenAt: after(5), idleExpiresAt: after(65) })).toBe(false);
      expect(await this.find(session)).toEqual({ ...session, endedAt: NOW, endReason: 'logout' });
    });
    it('records no last-seen update of what never was', async () => {
      for (const id of [randomUUID(), 'no-uuid']) {
        expect(await this.store.touch(id, { lastSeenAt: after(5), idleExpiresAt: after(65) })).toBe(false);
      }
    });
  }

  consumeLive(): void {
    const { it, expect } = this.framework;
    it('ends a session once, and keeps the first reason', async () => {
      const session = await this.inserted();
      expect(await this.store.consumeLive(session.id, NOW, 'logout')).toBe(session.userId);
      expect(await this.store.consumeLive(session.id, after(1), 'banned')).toBe(null);
      expect(await this.find(session)).toEqual({ ...session, endedAt: NOW, endReason: 'logout' });
    });
    it('ends one session and no other of that user', async () => {
      const [one, other] = await this.severalOf(await this.setup.makeUser(), 2);
      await this.store.consumeLive(one!.id, NOW, 'logout');
      expect(await this.find(other!)).toEqual(other);
    });
    it('ends a session that has merely run out', async () => {
      const { id, userId } = await this.inserted({ idleExpiresAt: before(1) });
      expect(await this.store.consumeLive(id, NOW, 'logout')).toBe(userId);
    });
    it('ends nothing that never was', async () => {
      for (const id of [randomUUID(), 'no-uuid']) expect(await this.store.consumeLive(id, NOW, 'logout')).toBe(null);
    });
  }

  markSuperseded(): void {
    const { it, expect } = this.framework;
    const epochs = [1, 2, 3, 4];
    it('marks every session of an epoch before, but for the spared one, and tells how many', async () => {
      const bystander = await this.inserted({ epochSum: 1 });
      const userId = await this.setup.makeUser();
      const [first, excepted, third, fourth] = await Promise.all(
        epochs.map((epochSum) => this.inserted({ userId, epochSum })),
      );
      expect(await this.store.markSuperseded(userId, 4, NOW, 'password_changed', excepted!.id)).toBe(2);
      for (const session of [first!, third!]) {
        expect(await this.find(session)).toEqual({ ...session, endedAt: NOW, endReason: 'password_changed' });
      }
      for (const session of [excepted!, fourth!, bystander]) expect(await this.find(session)).toEqual(session);
      expect(await this.store.markSuperseded(userId, 4, after(1), 'banned', excepted!.id)).toBe(0);
    });
    it('excepts no session when the exception is not one of them, or no id', async () => {
      for (const exceptId of [randomUUID(), 'no-uuid', (await this.inserted()).id]) {
        const { userId } = await this.inserted();
        expect(await this.store.markSuperseded(userId, 4, NOW, 'logout_all', exceptId)).toBe(1);
      }
    });
    it('marks more than fit into one step', async () => {
      const userId = await this.setup.makeUser();
      for (let i = 0; i < 10; i++) await this.severalOf(userId, 23);
      expect(await this.store.markSuperseded(userId, 4, NOW, 'logout_all')).toBe(230);
      expect(await this.live(userId)).toEqual([]);
    });
    it('keeps the reason of what had ended before', async () => {
      const session = await this.inserted();
      await this.store.consumeLive(session.id, NOW, 'logout');
      expect(await this.store.markSuperseded(session.userId, 4, after(1), 'banned')).toBe(0);
      expect(await this.find(session)).toEqual({ ...session, endedAt: NOW, endReason: 'logout' });
    });
    it('marks nothing for a user it does not know, or that is no user', async () => {
      for (const userId of [randomUUID(), 'nobody'])
        expect(await this.store.markSuperseded(userId, 4, NOW, 'banned')).toBe(0);
    });
  }

  bound(): void {
    new SessionsPerUserRules(this.framework, {
      store: () => this.store,
      makeUser: () => this.setup.makeUser(),
      session: (values) => this.session(values),
    }).declare();
  }

  races(): void {
    const { it, expect } = this.framework;
    it(`${MANY} concurrent ends of one session have one winner`, async () => {
      const { id, userId } = await this.inserted();
      const outcomes = await atOnce((i) => this.store.consumeLive(id, after(i), `reason_${i}`));
      expect(outcomes.filter(Boolean)).toEqual([userId]);
      const ended = await this.store.find(id);
      expect(ended?.endReason).toBe(`reason_${outcomes.indexOf(userId)}`);
      expect(ended?.endedAt).toEqual(after(outcomes.indexOf(userId)));
    });
    it(`${MANY} concurrent ends of many sessions each tell the right winner, and end nothing else`, async () => {
      const sessions = await Promise.all(Array.from({ length: 10 }, () => this.inserted()));
      const gone = sessions[9]!;
      await this.store.consumeLive(gone.id, NOW, 'logout');
      const bystander = await this.inserted();
      const ids = [...sessions.map(({ id }) => id), randomUUID(), 'no-uuid'];
      const outcomes = await atOnce((i) => this.store.consumeLive(ids[i % ids.length]!, after(i), `reason_${i}`));
      for (const { id, userId } of sessions.slice(0, 9)) {
        const told = outcomes.map((outcome, i) => (ids[i % ids.length] === id ? outcome : null));
        expect(told.filter((owner) => owner !== null)).toEqual([userId]);
        const winner = told.indexOf(userId);
        expect(await this.store.find(id)).toMatchObject({ endedAt: after(winner), endReason: `reason_${winner}` });
      }
      expect(outcomes.filter((owner) => owner !== null)).toHaveLength(9);
      expect(await this.store.find(gone.id)).toMatchObject({ endedAt: NOW, endReason: 'logout' });
      expect(await this.find(bystander)).toEqual(bystander);
    });
    it(`of ${MANY} concurrent inserts of one id one succeeds`, async () => {
      const session = await this.session();
      const outcomes = await atOnce((i) =>
        this.store.insert({ ...session, secretHash: `hash_${i}` }).then(
          () => true,
          () => false,
        ),
      );
      expect(outcomes.filter(Boolean)).toEqual([true]);
      expect((await this.store.find(session.id))?.secretHash).toBe(`hash_${outcomes.indexOf(true)}`);
    });
    it('each session is ended once by those that mark all and those that end one at once', async () => {
      const sessions = await this.severalOf(await this.setup.makeUser(), 20);
      const { userId } = sessions[0]!;
      const ended = await atOnce(async (i) => {
        if (i % 10 === 0) return this.store.markSuperseded(userId, 4, NOW, 'logout_all');
        return (await this.store.consumeLive(sessions[i % sessions.length]!.id, NOW, 'logout')) ? 1 : 0;
      });
      const left = await this.store.markSuperseded(userId, 4, NOW, 'logout_all');
      expect(ended.reduce((sum, count) => sum + count, left)).toBe(20);
      expect(await this.live(userId)).toEqual([]);
    });
    it(`of ${MANY} concurrent last-seen updates the latest stands, and an end among them is final`, async () => {
      const { id } = await this.inserted();
      await atOnce((i) =>
        this.store.touch(id, { lastSeenAt: after(1 + ((i * 7) % MANY)), idleExpiresAt: after(3600) }),
      );
      expect((await this.store.find(id))?.lastSeenAt).toEqual(after(MANY));
      await atOnce<unknown>((i) => {
        if (i === MANY / 2) return this.store.consumeLive(id, NOW, 'logout');
        return this.store.touch(id, { lastSeenAt: after(100 + i), idleExpiresAt: after(3600) });
      });
      expect(await this.store.touch(id, { lastSeenAt: after(1000), idleExpiresAt: after(3600) })).toBe(false);
      expect((await this.store.find(id))?.endReason).toBe('logout');
    });
  }

  private get store(): SessionStore {
    return this.setup.store;
  }

  private find({ id }: { id: string }): Promise<SessionRecord | null> {
    return this.store.find(id);
  }

  private async liveIds(userId: string, now: Date): Promise<string[]> {
    return (await this.live(userId, now)).map(({ id }) => id);
  }

  private async live(userId: string, now = NOW, limit = 100): Promise<SessionRecord[]> {
    const sessions: SessionRecord[] = [];
    for (let after: SessionPosition | null = null; ; ) {
      const part = await this.store.listLive(userId, now, { after, limit });
      sessions.push(...part.sessions);
      after = part.next;
      if (after === null) return sessions;
    }
  }

  locked(): void {
    const { it, expect } = this.framework;
    it('locks users and one session, each as it is then, in the order that was asked for', async () => {
      const { users } = this.setup;
      if (!users) return;
      const lock = this.store.lockedWith(users)!;
      const [ada, bob] = [await this.setup.makeUser(), await this.setup.makeUser()];
      const [live, over] = [await this.inserted({ userId: ada }), await this.inserted({ userId: ada })];
      await this.store.consumeLive(over.id, NOW, 'logout');
      const nobody = randomUUID();
      const ids = [bob, nobody, ada];
      const found = await users.dataSource.transaction((tx) => lock(ids, live.id, tx));
      expect(found.users.map((user) => user?.id ?? null)).toEqual([bob, null, ada]);
      expect([found.session, typeof found.globalEpoch]).toEqual([live, 'number']);
      const ended = await users.dataSource.transaction((tx) => lock([ada], over.id, tx));
      expect(ended.session).toEqual({ ...over, endedAt: NOW, endReason: 'logout' });
      for (const id of [randomUUID(), '', 'no-uuid'])
        expect((await users.dataSource.transaction((tx) => lock([ada], id, tx))).session).toBe(null);
    });
    it('ends no session that a transaction has locked before that does', async () => {
      const { users } = this.setup;
      if (!users) return;
      const lock = this.store.lockedWith(users)!;
      const { id, userId } = await this.inserted();
      const order: string[] = [];
      let ending: Promise<unknown> = Promise.resolve();
      await users.dataSource.transaction(async (tx) => {
        await lock([userId], id, tx);
        ending = this.store.consumeLive(id, NOW, 'logout').then(() => order.push('ended'));
        for (let looks = 0; looks < 20; looks += 1) await tx.query('SELECT');
        order.push('committed');
      });
      await ending;
      expect(order).toEqual(['committed', 'ended']);
      expect((await this.store.find(id))?.endReason).toBe('logout');
    });
  }

  private async session(values: Partial<SessionRecord> = {}): Promise<SessionRecord> {
    return {
      id: randomUUID(),
      userId: values.userId ?? (await this.setup.makeUser()),
      epochSum: 3,
      impersonatorId: randomUUID(),
      impersonatorEpochSum: 2,
      onlyFor: 'enrolment',
      strategy: 'session',
      transport: 'split',
      secretHash: 'x'.repeat(43),
      createdAt: before(120),
      authenticatedAt: before(120),
      lastSeenAt: NOW,
      idleExpiresAt: after(3600),
      absoluteExpiresAt: after(7200),
      ip: '2001:db8::1',
      userAgent: 'Mozilla/5.0',
      amr: ['pwd'],
      claims: { tenant: 'ä"\\1', groups: ['a', null], deep: { of: 0.5 } },
      claimsRevision: 4,
      metadata: { till: 7 },
      endedAt: null,
      endReason: null,
      ...values,
    };
  }

  private async inserted(values: Partial<SessionRecord> = {}): Promise<SessionRecord> {
    const session = await this.session(values);
    await this.store.insert(session);
    return session;
  }

  private severalOf(userId: string, count: number): Promise<SessionRecord[]> {
    return Promise.all(Array.from({ length: count }, () => this.inserted({ userId })));
  }
}

function after(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}

function before(seconds: number): Date {
  return after(-seconds);
}

function atOnce<T>(act: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: MANY }, (_, index) => act(index)));
}

function sorted(ids: readonly string[]): string[] {
  return [...ids].sort();
}

/** Changes a record in place, as a careless caller would. */
function spoil(session: SessionRecord): void {
  (session.amr as string[]).push('spoilt');
  session.createdAt.setTime(0);
}
