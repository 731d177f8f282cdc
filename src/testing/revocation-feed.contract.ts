import { randomUUID } from 'node:crypto';
import { Acknowledgement } from '../revocation/acknowledgement.js';
import { NodeLease } from '../revocation/node-lease.js';
import type { Announcement, FeedListener, Revocation, RevocationFeed } from '../revocation/revocation-feed.js';
import { MachineSteadyClock } from '../revocation/steady-clock.js';
import type { SessionStore } from '../sessions/session.store.js';
import { sessionRecord } from './session-record.js';
import type { TestFramework } from './test-framework.js';

/** The set-up that a feed brings to its contract suite. */
export interface RevocationFeedSetup {
  readonly feed: RevocationFeed;
  /** The session store of the same storage. */
  readonly sessions: SessionStore;
  /** The id of a user that exists, a new one at each call. */
  makeUser(): Promise<string>;
  close(): Promise<void>;
}

const MANY = 20;
const NOW = new Date('2030-01-01T12:00:00.123Z');
/** Long enough that it never runs out within a test. */
const LONG_SECONDS = 60;
const SHORT_SECONDS = 0.3;

/**
 * The rules every `RevocationFeed` keeps, and its session store with it.
 *
 * @example
 * exerciseRevocationFeed({ describe, it, expect, beforeAll, afterAll }, async () => ({ feed, sessions, makeUser, close }))
 */
export function exerciseRevocationFeed(framework: TestFramework, setup: () => Promise<RevocationFeedSetup>): void {
  const { describe, beforeAll, afterAll } = framework;
  describe('a revocation feed', () => {
    const suite = new RevocationFeedSuite(framework);
    beforeAll(async () => {
      suite.setup = await setup();
    });
    afterAll(() => suite.setup.close());
    suite.order();
    suite.sessions();
    suite.leases();
    suite.acknowledgement();
  });
}

class RevocationFeedSuite {
  setup!: RevocationFeedSetup;

  constructor(private readonly framework: TestFramework) {}

  order(): void {
    const { it, expect } = this.framework;
    it('replays from any number on, in order, as it was announced', async () => {
      const start = await this.head();
      const [user, session] = [randomUUID(), randomUUID()];
      const told: Announcement[] = [
        { subject: `user:${user}`, kind: 'changed' },
        { subject: `session:${session}`, kind: 'ended' },
      ];
      await this.feed.append(told);
      const first = { ...told[0], seq: start + 1 };
      const second = { ...told[1], seq: start + 2 };
      expect(await this.feed.since(start, 10)).toEqual([first, second]);
      expect(await this.feed.since(start, 1)).toEqual([first]);
      expect(await this.feed.since(start + 1, 10)).toEqual([second]);
      expect(await this.feed.since(start + 2, 10)).toEqual([]);
      expect(await this.head()).toBe(start + 2);
    });
    it('keeps a subject as it was told, colons and all: only the nodes read it', async () => {
      const start = await this.head();
      const subjects = [
        `grant:${randomUUID()}`,
        'client:https://app.example.com:8443/client.json',
        'key:signing',
      ] as const;
      await this.feed.append(subjects.map((subject) => ({ subject, kind: 'ended' })));
      expect((await this.feed.since(start, 10)).map(({ subject }) => subject)).toEqual(subjects);
    });
    it('takes an empty list for nothing', async () => {
      const start = await this.head();
      await this.feed.append([]);
      expect(await this.head()).toBe(start);
    });
    it(`numbers ${MANY} concurrent announcements without a gap, each list in one piece`, async () => {
      const start = await this.head();
      const lists = times((i) => times((j) => `${i}:${j}`).slice(0, 1 + (i % 3)));
      await Promise.all(
        lists.map((list) => this.feed.append(list.map((id) => ({ subject: `key:${id}`, kind: 'ended' })))),
      );
      const told = await this.feed.since(start, 1000);
      expect(told.map(({ seq }) => seq)).toEqual(told.map((_, i) => start + 1 + i));
      const text = `,${told.map(({ subject }) => subject).join()},`;
      expect(lists.filter((list) => text.includes(`,${list.map((id) => `key:${id}`).join()},`))).toEqual(lists);
    });
    it('wakes no listener that has stopped', async () => {
      const listener = new CountingListener();
      const stop = await this.feed.listen(listener);
      await stop();
      const { calls } = listener;
      await this.feed.append([{ subject: 'key:quiet', kind: 'ended' }]);
      await this.feed.grant(randomUUID(), SHORT_SECONDS);
      expect(listener.calls).toBe(calls);
    });
  }

  sessions(): void {
    const { it, expect } = this.framework;
    it(`has one revocation when ${MANY} end one session at once, and one winner`, async () => {
      const start = await this.head();
      const { id } = await this.started();
      const outcomes = await Promise.all(times(() => this.setup.sessions.consumeLive(id, NOW, 'logout')));
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(ended(await this.feed.since(start, 1000))).toEqual([id]);
    });
    it('has one of each session that a bound has ended, when many are started at once', async () => {
      const start = await this.head();
      const userId = await this.setup.makeUser();
      const bound = { most: 3, inForce: { epochSum: 1, excepted: null }, endReason: 'too_many' };
      const outcomes = await Promise.all(
        times(() => this.setup.sessions.insert(sessionRecord({ userId }, NOW), undefined, bound)),
      );
      expect(outcomes.flat().length).toBeGreaterThanOrEqual(MANY - 3);
      expect(ended(await this.feed.since(start, 10_000)).sort()).toEqual(outcomes.flat().sort());
    });
    it('is silent about sessions that are marked as over, which everyone knows already', async () => {
      const { userId } = await this.started();
      const start = await this.head();
      expect(await this.setup.sessions.markSuperseded(userId, 9, NOW, 'logout_all')).toBe(1);
      expect(await this.head()).toBe(start);
    });
    it('is silent about an end that ended nothing', async () => {
      const { id } = await this.started();
      await this.setup.sessions.consumeLive(id, NOW, 'logout');
      const start = await this.head();
      await this.setup.sessions.consumeLive(id, NOW, 'logout');
      await this.setup.sessions.consumeLive(randomUUID(), NOW, 'logout');
      expect(await this.head()).toBe(start);
    });
    it('has it by the time a reader sees the session ended', async () => {
      const start = await this.head();
      const sessions = await Promise.all(times(() => this.started()));
      const ending = Promise.all(sessions.map(({ id }) => this.setup.sessions.consumeLive(id, NOW, 'logout')));
      for (const { id } of sessions) {
        while (!(await this.setup.sessions.find(id))?.endedAt) await Promise.resolve();
        expect(told(await this.feed.since(start, 1000))).toContain(id);
      }
      await ending;
    });
  }

  leases(): void {
    const { it, expect } = this.framework;
    it('grants a lease that has applied everything so far', async () => {
      const id = randomUUID();
      const { head } = await this.feed.grant(id, LONG_SECONDS);
      expect(head).toBe(await this.head());
      expect(await this.lease(id)).toMatchObject({ appliedSeq: head });
      expect((await this.lease(id))!.expiresInMilliseconds).toBeLessThanOrEqual(LONG_SECONDS * 1000);
      await this.feed.releaseLease(id);
      expect(await this.lease(id)).toBe(undefined);
    });
    it('answers a renewal with the head, and never takes back what was applied', async () => {
      const id = randomUUID();
      const { head } = await this.feed.grant(id, LONG_SECONDS);
      await this.feed.append(times((i) => ({ subject: `key:${i}`, kind: 'changed' })));
      expect(await this.feed.renew(id, head + 5, LONG_SECONDS)).toBe(head + MANY);
      expect(await this.feed.renew(id, head, LONG_SECONDS)).toBe(head + MANY);
      expect((await this.lease(id))?.appliedSeq).toBe(head + 5);
      await this.feed.releaseLease(id);
    });
    it('records an acknowledgement, answers it with the head, and prolongs nothing by it', async () => {
      const [long, short] = [randomUUID(), randomUUID()];
      const { head } = await this.feed.grant(long, LONG_SECONDS);
      await this.feed.grant(short, SHORT_SECONDS);
      await this.feed.append(times((i) => ({ subject: `key:${i}`, kind: 'changed' })));
      expect(await this.feed.acknowledge(long, head + 5)).toBe(head + MANY);
      expect(await this.feed.acknowledge(long, head)).toBe(head + MANY);
      expect((await this.lease(long))?.appliedSeq).toBe(head + 5);
      while (await this.lease(short)) await this.feed.acknowledge(short, head);
      expect((await this.lease(long))!.expiresInMilliseconds).toBeLessThanOrEqual(LONG_SECONDS * 1000);
      await this.feed.releaseLease(long);
    });
    it('neither records nor prolongs by a number beyond the head, which is of a feed that was turned back, and answers the head', async () => {
      const id = randomUUID();
      const { head } = await this.feed.grant(id, LONG_SECONDS);
      expect(await this.feed.acknowledge(id, head + 1)).toBe(head);
      expect(await this.feed.renew(id, head + 1, 2 * LONG_SECONDS)).toBe(head);
      expect((await this.lease(id))?.appliedSeq).toBe(head);
      expect((await this.lease(id))!.expiresInMilliseconds).toBeLessThanOrEqual(LONG_SECONDS * 1000);
      await this.feed.append([{ subject: 'key:after-it-was-turned-back', kind: 'changed' }]);
      expect((await this.lease(id))?.appliedSeq).toBe(head);
      await this.feed.releaseLease(id);
    });
    it('answers each of many that tell it at once what is so of its own lease', async () => {
      const [first, second, released] = [randomUUID(), randomUUID(), randomUUID()];
      const { head } = await this.feed.grant(first, LONG_SECONDS);
      await this.feed.grant(second, LONG_SECONDS / 2);
      await this.feed.grant(released, LONG_SECONDS);
      await this.feed.releaseLease(released);
      await this.feed.append(times((i) => ({ subject: `key:${i}`, kind: 'changed' })));
      const latest = head + MANY;
      const renewals = [first, released, second, first].map((id, at) => this.feed.renew(id, head + at, LONG_SECONDS));
      expect(await Promise.all(renewals)).toEqual([latest, null, latest, latest]);
      const told = [second, released, second].map((id, at) => this.feed.acknowledge(id, head + 5 - at));
      expect(await Promise.all(told)).toEqual([latest, null, latest]);
      expect((await this.lease(first))?.appliedSeq).toBe(head + 3);
      expect((await this.lease(second))?.appliedSeq).toBe(head + 5);
      expect((await this.lease(second))!.expiresInMilliseconds).toBeGreaterThan((LONG_SECONDS / 2) * 1000);
      for (const id of [first, second]) await this.feed.releaseLease(id);
    });
    it('renews no lease that never was, was released or has run out, and records nothing then', async () => {
      const [never, released, late] = [randomUUID(), randomUUID(), randomUUID()];
      await this.feed.grant(released, LONG_SECONDS);
      await this.feed.releaseLease(released);
      await this.feed.grant(late, SHORT_SECONDS);
      while (await this.lease(late)) await Promise.resolve();
      for (const id of [never, released, late]) {
        expect(await this.feed.acknowledge(id, 0)).toBe(null);
        expect(await this.feed.renew(id, 0, LONG_SECONDS)).toBe(null);
        expect(await this.lease(id)).toBe(undefined);
      }
    });
  }

  acknowledgement(): void {
    const { it, expect } = this.framework;
    it('keeps a revoker waiting for a lagging node until it has applied, and for no other reason', async () => {
      const [slow, quick] = [randomUUID(), randomUUID()];
      await this.feed.grant(slow, LONG_SECONDS);
      await this.feed.grant(quick, LONG_SECONDS);
      await this.feed.append([{ subject: 'key:waited-for', kind: 'ended' }]);
      const head = await this.head();
      await this.feed.renew(quick, head, LONG_SECONDS);
      const waiting = this.waiting();
      for (let i = 0; i < 20; i += 1) await this.head();
      expect(waiting.isOver).toBe(false);
      await this.feed.renew(slow, head, LONG_SECONDS);
      await waiting.end;
      await this.feed.releaseLease(slow);
      await this.feed.releaseLease(quick);
    });
    it('lets a dead node delay it by its lease, once', async () => {
      const dead = randomUUID();
      await this.feed.grant(dead, SHORT_SECONDS);
      await this.feed.append([{ subject: 'key:first', kind: 'ended' }]);
      await this.waiting().end;
      expect(await this.lease(dead)).toBe(undefined);
      await this.feed.append([{ subject: 'key:second', kind: 'ended' }]);
      // A revoker that waited for it again would wait for ever: it is in no list any more, and applies nothing.
      await this.waiting().end;
    });
    it('is forgotten by no node when one releases its lease: its revokers go on', async () => {
      const leaving = randomUUID();
      await this.feed.grant(leaving, LONG_SECONDS);
      await this.feed.append([{ subject: 'key:left', kind: 'ended' }]);
      const waiting = this.waiting();
      await this.feed.releaseLease(leaving);
      await waiting.end;
    });
  }

  private get feed(): RevocationFeed {
    return this.setup.feed;
  }

  private async head(): Promise<number> {
    return (await this.feed.status()).head;
  }

  private async lease(id: string) {
    return (await this.feed.status()).leases.find(({ leaseId }) => leaseId === id);
  }

  private async started() {
    const session = sessionRecord({ userId: await this.setup.makeUser() }, NOW);
    await this.setup.sessions.insert(session);
    return session;
  }

  /** A revoker on a node of its own, that holds no lease. */
  private waiting(): { end: Promise<void>; isOver: boolean } {
    const lease = new NodeLease(this.feed, new MachineSteadyClock(), LONG_SECONDS);
    const waiting = { isOver: false, end: new Acknowledgement(this.feed, lease).ofAllNodes(async () => {}) };
    waiting.end = waiting.end.then(() => {
      waiting.isOver = true;
    });
    return waiting;
  }
}

class CountingListener implements FeedListener {
  calls = 0;

  onRevoked(): void {
    this.calls += 1;
  }

  onAcknowledged(): void {
    this.calls += 1;
  }

  onLost(): void {
    this.calls += 1;
  }
}

/** Sessions said to have ended, once each that did. */
function ended(revocations: readonly Revocation[]): string[] {
  return told(revocations.filter(({ unsettled }) => !unsettled));
}

/** Sessions said to have ended, or to be about to. */
function told(revocations: readonly Revocation[]): string[] {
  const subjects = revocations.filter(({ kind }) => kind === 'ended').map(({ subject }) => subject);
  return subjects
    .filter((subject) => subject.startsWith('session:'))
    .map((subject) => subject.slice('session:'.length));
}

function times<T>(make: (index: number) => T): T[] {
  return Array.from({ length: MANY }, (_, index) => make(index));
}
