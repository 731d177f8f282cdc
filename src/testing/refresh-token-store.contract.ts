import { randomUUID } from 'node:crypto';
import type {
  RefreshTokenRecord,
  RefreshTokenStore,
  Rotation,
  RotationOutcome,
} from '../sessions/refresh-token.store.js';
import type { TestFramework } from './test-framework.js';

/** The set-up that a refresh token store brings to its contract suite. */
export interface RefreshTokenStoreSetup {
  readonly store: RefreshTokenStore;
  /** The id of a session that exists, a new one at each call. */
  makeSession(): Promise<string>;
  close(): Promise<void>;
}

const NOW = new Date('2030-01-01T12:00:00.123Z');
const GRACE_SECONDS = 10;
const LIFETIME_SECONDS = 3600;
const MANY = 50;

/**
 * The rules every `RefreshTokenStore` keeps.
 *
 * @example
 * exerciseRefreshTokenStore({ describe, it, expect, beforeAll, afterAll }, async () => ({ store, makeSession, close }))
 */
export function exerciseRefreshTokenStore(
  framework: TestFramework,
  setup: () => Promise<RefreshTokenStoreSetup>,
): void {
  const { describe, beforeAll, afterAll } = framework;
  describe('a refresh token store', () => {
    const suite = new RefreshTokenStoreSuite(framework);
    beforeAll(async () => {
      suite.setup = await setup();
    });
    afterAll(() => suite.setup.close());
    suite.rotation();
    suite.replay();
    suite.lostResponse();
    suite.reuse();
    suite.refusal();
    suite.races();
  });
}

/** R1, R2, ... of one session: each named token has the hash `<session>:<name>`. */
class Family {
  constructor(
    private readonly store: RefreshTokenStore,
    readonly sessionId: string,
  ) {}

  hash(name: string): string {
    return `${this.sessionId}:${name}`;
  }

  token(name: string, now: Date = NOW): RefreshTokenRecord {
    const expiresAt = new Date(now.getTime() + LIFETIME_SECONDS * 1000);
    return { tokenHash: this.hash(name), sessionId: this.sessionId, createdAt: now, expiresAt, consumedAt: null };
  }

  /** Presents the token `from` for `to`. */
  rotate(from: string, to: string, changes: Partial<Rotation> = {}): Promise<RotationOutcome> {
    const now = changes.now ?? NOW;
    const { sessionId } = this;
    const rotation = { sessionId, tokenHash: this.hash(from), successor: this.token(to, now), now };
    return this.store.rotate({ ...rotation, graceSeconds: GRACE_SECONDS, ...changes });
  }

  /** Presents an access token that was issued then. */
  use(issuedAt: Date = wholeSeconds(NOW)): Promise<void> {
    return this.store.noteUses(new Map([[this.sessionId, issuedAt]]));
  }

  exists(name: string): Promise<boolean> {
    return this.store.exists(this.sessionId, this.hash(name));
  }
}

class RefreshTokenStoreSuite {
  setup!: RefreshTokenStoreSetup;

  constructor(private readonly framework: TestFramework) {}

  rotation(): void {
    const { it, expect } = this.framework;
    it('exchanges a good token for its successor, and that for the next', async () => {
      const family = await this.family();
      expect(await family.rotate('R1', 'R2')).toBe('rotated');
      expect(await family.rotate('R2', 'R3', { now: after(60) })).toBe('rotated');
      expect(await family.rotate('R3', 'R4', { now: after(120) })).toBe('rotated');
    });
    it('knows spent and unspent tokens, and none that were never issued', async () => {
      const family = await this.family();
      expect([await family.exists('R1'), await family.exists('R2')]).toEqual([true, false]);
      await family.rotate('R1', 'R2');
      expect([await family.exists('R1'), await family.exists('R2')]).toEqual([true, true]);
    });
    it('exchanges a token until just before its deadline; at it, it is expired and stays unspent', async () => {
      const [early, late] = [await this.family(), await this.family()];
      expect(await early.rotate('R1', 'R2', { now: after(LIFETIME_SECONDS - 0.001) })).toBe('rotated');
      expect(await late.rotate('R1', 'R2', { now: after(LIFETIME_SECONDS) })).toBe('expired');
      expect(await late.exists('R2')).toBe(false);
      expect(await late.rotate('R1', 'R2')).toBe('rotated');
    });
    it('counts the deadline of the successor from what it was given', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2', { successor: { ...family.token('R2'), expiresAt: after(30) } });
      expect(await family.rotate('R2', 'R3', { now: after(30) })).toBe('expired');
      expect(await family.rotate('R2', 'R3', { now: after(29) })).toBe('rotated');
    });
    it('leaves the presented token good when its successor cannot be stored', async () => {
      const family = await this.family();
      await this.setup.store.insert(family.token('taken'));
      await expect(family.rotate('R1', 'taken')).rejects.toThrow();
      expect(await family.rotate('R1', 'R2')).toBe('rotated');
    });
    it('takes a token hash once per session', async () => {
      const family = await this.family();
      await expect(this.setup.store.insert(family.token('R1'))).rejects.toThrow();
    });
    it('keeps sessions apart', async () => {
      const [one, other] = [await this.family(), await this.family()];
      await one.rotate('R1', 'R2');
      await one.rotate('R1', 'R2', { graceSeconds: 0 });
      expect(await other.rotate('R1', 'R2')).toBe('rotated');
    });
  }

  replay(): void {
    const { it, expect } = this.framework;
    it('gives the same successor again, any number of times, up to the end of the grace', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      await family.use();
      for (const seconds of [0, 1, GRACE_SECONDS - 0.001, GRACE_SECONDS]) {
        expect(await family.rotate('R1', 'R2', { now: after(seconds) })).toBe('replayed');
      }
      expect(await family.rotate('R1', 'R2', { now: after(GRACE_SECONDS + 0.001) })).toBe('reused');
    });
    it('stores nothing at a replay, and does not prolong the grace', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2', { successor: { ...family.token('R2'), expiresAt: after(30) } });
      await family.use();
      await family.rotate('R1', 'R2', { now: after(GRACE_SECONDS) });
      expect(await family.rotate('R1', 'R2', { now: after(GRACE_SECONDS + 1) })).toBe('reused');
      expect(await family.rotate('R2', 'R3', { now: after(30) })).toBe('expired');
    });
    it('replays for a node whose clock is a little behind', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      expect(await family.rotate('R1', 'R2', { now: after(-1) })).toBe('replayed');
    });
    it('calls it reuse for a node whose clock is further behind than the grace', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2', { now: after(120) });
      await family.use(after(120));
      expect(await family.rotate('R1', 'R2', { now: after(120 - GRACE_SECONDS) })).toBe('replayed');
      expect(await family.rotate('R1', 'R2', { now: after(120 - GRACE_SECONDS - 0.001) })).toBe('reused');
    });
    it('replays a token that was good when used and has run out since', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2', { now: after(LIFETIME_SECONDS - 1) });
      expect(await family.rotate('R1', 'R2', { now: after(LIFETIME_SECONDS + 1) })).toBe('replayed');
    });
    it('leaves the successor usable after a replay', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      await family.rotate('R1', 'R2', { now: after(1) });
      expect(await family.rotate('R2', 'R3', { now: after(2) })).toBe('rotated');
    });
  }

  lostResponse(): void {
    const { it, expect } = this.framework;
    const late = { now: after(GRACE_SECONDS + 600) };
    it('gives the same successor again long after the grace, while nothing of the new pair was presented', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      expect(await family.rotate('R1', 'R2', late)).toBe('replayed');
      expect(await family.rotate('R2', 'R3', late)).toBe('rotated');
    });
    it('begins the grace anew then: what is presented together is answered alike, also once the access token is used', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      await family.rotate('R1', 'R2', late);
      await family.use(late.now);
      expect(await family.rotate('R1', 'R2', { now: after(2 * GRACE_SECONDS + 600) })).toBe('replayed');
      expect(await family.rotate('R1', 'R2', { now: after(2 * GRACE_SECONDS + 601) })).toBe('reused');
    });
    it('prolongs the successor by that, and never shortens it', async () => {
      const [longer, shorter] = [await this.family(), await this.family()];
      const until = (family: Family, expiresAt: Date) => ({ ...late, successor: { ...family.token('R2'), expiresAt } });
      for (const family of [longer, shorter]) await family.rotate('R1', 'R2');
      await longer.rotate('R1', 'R2', until(longer, after(2 * LIFETIME_SECONDS)));
      await shorter.rotate('R1', 'R2', until(shorter, after(700)));
      const last = { now: after(LIFETIME_SECONDS - 1) };
      expect(await shorter.rotate('R2', 'R3', last)).toBe('rotated');
      expect(await longer.rotate('R2', 'R3', { now: after(2 * LIFETIME_SECONDS - 1) })).toBe('rotated');
    });
    it('calls it reuse once an access token of the new pair was presented', async () => {
      for (const issuedAt of [wholeSeconds(NOW), after(0), after(1), after(500)]) {
        const family = await this.family();
        await family.rotate('R1', 'R2');
        await family.use(issuedAt);
        expect(await family.rotate('R1', 'R2', late)).toBe('reused');
        expect(await family.rotate('R2', 'R3', late)).toBe('rotated');
      }
    });
    it('takes the access token of a node whose clock is behind, which gave the response again, for one of the pair', async () => {
      for (const [behind, isLate] of [
        [GRACE_SECONDS - 1, false],
        [GRACE_SECONDS + 30, true],
      ] as const) {
        const [used, unused] = [await this.family(), await this.family()];
        const other = { now: after(120 - behind) };
        for (const family of [used, unused]) {
          await family.rotate('R1', 'R2', { now: after(120) });
          expect([isLate, await family.rotate('R1', 'R2', other)]).toEqual([isLate, 'replayed']);
        }
        await used.use(wholeSeconds(other.now));
        await unused.use(wholeSeconds(after(120 - behind - 1)));
        expect([isLate, await used.rotate('R1', 'R2', late)]).toEqual([isLate, 'reused']);
        expect([isLate, await unused.rotate('R1', 'R2', late)]).toEqual([isLate, 'replayed']);
      }
    });
    it('does not take the access token of an earlier pair for one of the new', async () => {
      const family = await this.family();
      await family.use();
      await family.rotate('R1', 'R2', { now: after(60) });
      for (const issuedAt of [after(-600), wholeSeconds(NOW), wholeSeconds(after(59))]) await family.use(issuedAt);
      expect(await family.rotate('R1', 'R2', late)).toBe('replayed');
    });
    it('calls it reuse once the successor was used, whether its access token was or not', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      await family.rotate('R2', 'R3');
      expect(await family.rotate('R1', 'R2', late)).toBe('reused');
      expect(await family.rotate('R2', 'R3', late)).toBe('replayed');
    });
    it('never answers when there is no grace', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      expect(await family.rotate('R1', 'R2', { ...late, graceSeconds: 0 })).toBe('reused');
    });
    it('calls it expired when the successor is, and changes nothing', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      expect(await family.rotate('R1', 'R2', { now: after(LIFETIME_SECONDS) })).toBe('expired');
      expect(await family.rotate('R2', 'R3', { now: after(LIFETIME_SECONDS - 1) })).toBe('rotated');
    });
    it('notes uses of many sessions at once, and passes over those that are not there', async () => {
      const [one, other] = [await this.family(), await this.family()];
      for (const family of [one, other]) await family.rotate('R1', 'R2');
      const ids = [randomUUID(), other.sessionId, 'no-uuid', '', one.sessionId];
      await this.setup.store.noteUses(new Map(ids.map((id) => [id, NOW])));
      await this.setup.store.noteUses(new Map());
      expect([await one.rotate('R1', 'R2', late), await other.rotate('R1', 'R2', late)]).toEqual(['reused', 'reused']);
    });
    it('a lost response that is asked for while the successor is used leaves one line of descent', async () => {
      for (let round = 0; round < 10; round++) {
        const family = await this.family();
        await family.rotate('R1', 'R2');
        const [again, use] = await Promise.all([family.rotate('R1', 'R2', late), family.rotate('R2', 'R3', late)]);
        expect(use).toBe('rotated');
        expect(['replayed', 'reused']).toContain(again);
        expect(await family.rotate('R1', 'R2', late)).toBe('reused');
      }
    });
    it(`of ${MANY} that ask for a lost response at once all get it`, async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      expect(tally(await atOnce(() => family.rotate('R1', 'R2', late)))).toEqual({ replayed: MANY });
      expect(await family.rotate('R2', 'R3', late)).toBe('rotated');
    });
  }

  reuse(): void {
    const { it, expect } = this.framework;
    it('calls a second use reuse when there is no grace, even in the same instant', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2', { graceSeconds: 0 });
      expect(await family.rotate('R1', 'R2', { graceSeconds: 0 })).toBe('reused');
    });
    it('calls it reuse within the grace once the successor was used', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      await family.rotate('R2', 'R3', { now: after(1) });
      expect(await family.rotate('R1', 'R2', { now: after(2) })).toBe('reused');
      expect(await family.rotate('R2', 'R3', { now: after(2) })).toBe('replayed');
    });
    it('calls it reuse once the successor was used, whatever the clock of the node says', async () => {
      for (const seconds of [-GRACE_SECONDS, -1, 0, 1, GRACE_SECONDS]) {
        const family = await this.family();
        await family.rotate('R1', 'R2');
        await family.rotate('R2', 'R3');
        expect(await family.rotate('R1', 'R2', { now: after(seconds) })).toBe('reused');
      }
    });
    it('calls it reuse within the grace when another successor is asked for', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      expect(await family.rotate('R1', 'forged')).toBe('reused');
      expect(await family.exists('forged')).toBe(false);
    });
    it('calls it reuse long after, and when the token has run out meanwhile', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      await family.use();
      expect(await family.rotate('R1', 'R2', { now: after(LIFETIME_SECONDS * 100) })).toBe('reused');
    });
    it('changes nothing at a reuse: ending the session is for the caller', async () => {
      const family = await this.family();
      await family.rotate('R1', 'R2');
      await family.rotate('R1', 'R2', { graceSeconds: 0 });
      expect(await family.rotate('R2', 'R3')).toBe('rotated');
    });
  }

  refusal(): void {
    const { it, expect } = this.framework;
    it('does not know a hash that was never issued, and changes nothing', async () => {
      const family = await this.family();
      expect(await family.rotate('guess', 'R2')).toBe('unknown');
      expect(await family.exists('R2')).toBe(false);
      expect(await family.rotate('R1', 'R2')).toBe('rotated');
    });
    it("does not know a right hash under another session's id, and harms neither session", async () => {
      const [victim, attacker] = [await this.family(), await this.family()];
      expect(await attacker.rotate('R1', 'R2', { tokenHash: victim.hash('R1') })).toBe('unknown');
      expect(await attacker.exists('R2')).toBe(false);
      expect(await this.setup.store.exists(attacker.sessionId, victim.hash('R1'))).toBe(false);
      expect([await victim.rotate('R1', 'R2'), await attacker.rotate('R1', 'R2')]).toEqual(['rotated', 'rotated']);
    });
    it('does not know a session that never was, nor what is no id', async () => {
      const family = await this.family();
      for (const sessionId of [randomUUID(), '', 'no-uuid']) {
        expect(await family.rotate('R1', 'R2', { sessionId })).toBe('unknown');
        expect(await this.setup.store.exists(sessionId, family.hash('R1'))).toBe(false);
      }
    });
  }

  races(): void {
    const { it, expect } = this.framework;
    it(`of ${MANY} concurrent rotations of one token one is rotated, the others are replays in the grace`, async () => {
      const family = await this.family();
      expect(tally(await atOnce(() => family.rotate('R1', 'R2')))).toEqual({ rotated: 1, replayed: MANY - 1 });
      expect(await family.rotate('R2', 'R3')).toBe('rotated');
    });
    it(`of ${MANY} concurrent rotations of one token one is rotated, the others are reuse without grace`, async () => {
      const family = await this.family();
      const outcomes = await atOnce(() => family.rotate('R1', 'R2', { graceSeconds: 0 }));
      expect(tally(outcomes)).toEqual({ rotated: 1, reused: MANY - 1 });
    });
    it(`${MANY} concurrent rotations with ${MANY} different successors leave one successor`, async () => {
      const family = await this.family();
      const outcomes = await atOnce((i) => family.rotate('R1', `R2-${i}`));
      expect(tally(outcomes)).toEqual({ rotated: 1, reused: MANY - 1 });
      const stored = await atOnce((i) => family.exists(`R2-${i}`));
      expect(stored.indexOf(true)).toBe(outcomes.indexOf('rotated'));
      expect(stored.filter(Boolean)).toEqual([true]);
    });
    it('a replay racing with the use of the successor leaves one line of descent', async () => {
      for (let round = 0; round < 10; round++) {
        const family = await this.family();
        await family.rotate('R1', 'R2');
        const [replay, use] = await Promise.all([family.rotate('R1', 'R2'), family.rotate('R2', 'R3')]);
        expect(use).toBe('rotated');
        expect(['replayed', 'reused']).toContain(replay);
        expect(await family.rotate('R1', 'R2')).toBe('reused');
      }
    });
  }

  /** A new session whose first token is R1. */
  private async family(): Promise<Family> {
    const family = new Family(this.setup.store, await this.setup.makeSession());
    await this.setup.store.insert(family.token('R1'));
    return family;
  }
}

function wholeSeconds(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / 1000) * 1000);
}

function after(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}

function atOnce<T>(act: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: MANY }, (_, index) => act(index)));
}

function tally(outcomes: readonly RotationOutcome[]): Partial<Record<RotationOutcome, number>> {
  const counts: Partial<Record<RotationOutcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
