import { hash } from 'node:crypto';
import { CredentialView, type Kept } from '../revocation/credential-view.js';
import { type Announcement, EVERYTHING } from '../revocation/revocation-feed.js';
import { RevocationMarks } from '../revocation/revocation-marks.js';
import type { RevocationView } from '../revocation/revocation-view.js';
import type { FollowerLease } from './follower-lease.js';
import type { AcceptedTicket, LookUpVerdict } from './look-up-verdict.js';
import type { VerifyClock } from './verify-clock.js';
import { unavailable } from './verify-error.js';

/** At a time: more would only wait for each other. */
const MOST_LOOK_UPS = 256;

/** Of one session: as many tokens as may be in use together. */
const MOST_SEEN = 4;

/** The answer about a ticket. */
type Found = Known | (Kept & { readonly verdict: LookUpVerdict & { accepted: false } });

/** What holds for a ticket, or for all tokens of a session. */
export interface Known extends Kept {
  readonly verdict: AcceptedTicket;
  /** Those that the service itself has accepted, by what tells them apart. */
  readonly seen: ReadonlySet<string>;
  /** By the steady clock: from then on it is looked up again. */
  readonly goodUntil: number;
}

/** Asks the service. */
export type LookUp = (asked: AskedTicket, applied: number | null) => Promise<LookUpVerdict>;

/** A ticket as it is asked about. */
export interface AskedTicket {
  /** Tells it from the others of the same key. */
  readonly id: string;
  readonly ticket: string;
  /** Null: the service's own. */
  readonly audience: string | null;
}

/**
 * What this process knows of tickets, and how it learns of them. As the views of the service's own nodes it answers only while the lease is
 * held, and nothing is kept, nor shared by two requests, across a revocation.
 */
export class TicketView implements RevocationView {
  /** How many look-ups were made. */
  lookUps = 0;
  private readonly view: CredentialView<Found>;
  /** By ticket, those a request may join: of two tokens of a session one may be out of date. */
  private readonly loads = new Map<string, Promise<Found>>();
  private marks = new RevocationMarks();
  private underWay = 0;

  constructor(
    private readonly lookUp: LookUp,
    private readonly lease: FollowerLease,
    private readonly clock: VerifyClock,
    capacity: number,
  ) {
    this.view = new CredentialView(lease, clock, capacity);
    lease.follow(this.view);
    lease.follow(this);
  }

  /** How many tickets it knows. */
  get size(): number {
    return this.view.size;
  }

  /** Returns what is known for certain; undefined: the ticket must be looked up. */
  peek(key: string): Known | undefined {
    const found = this.view.peek(key);
    if (!found?.verdict.accepted) return undefined;
    return this.clock.milliseconds() < (found as Known).goodUntil ? (found as Known) : undefined;
  }

  /**
   * Asks the service what it says at this moment.
   *
   * @throws VerifyError `unavailable`
   */
  async find(key: string, asked: AskedTicket): Promise<LookUpVerdict> {
    if (!this.lease.isHeld()) return (await this.ask(asked)).verdict;
    const joined = this.loads.get(asked.ticket) ?? this.load(key, asked);
    return (await joined).verdict;
  }

  /** Until a look-up is answered, its subjects are not known, so from now on no request may join one that is under way. */
  apply(announcement: Announcement): void {
    this.marks.add(announcement, this.clock.milliseconds());
    this.loads.clear();
  }

  clear(): void {
    this.marks = new RevocationMarks();
    this.loads.clear();
  }

  private load(key: string, asked: AskedTicket): Promise<Found> {
    // As long as they stand there nothing that concerns them was revoked.
    const others = this.peek(key)?.seen;
    const loading = this.view
      .load(key, () => this.ask(asked, others))
      .finally(() => {
        if (this.loads.get(asked.ticket) === loading) this.loads.delete(asked.ticket);
      });
    // A change that is announced but not yet made would be missed by a request that joined after it was made.
    if (!this.marks.isAnyUnsettled(this.clock.milliseconds())) this.loads.set(asked.ticket, loading);
    return loading;
  }

  private async judged(asked: AskedTicket): Promise<LookUpVerdict> {
    const { applied } = this.lease;
    try {
      return await this.lookUp(asked, applied);
    } catch (error) {
      if (!(error instanceof OtherFeed) || applied === null) throw error;
      this.lease.lose();
      return this.lookUp(asked, null);
    }
  }

  private async ask(asked: AskedTicket, others: Iterable<string> = []): Promise<Found> {
    if (this.underWay >= MOST_LOOK_UPS) throw unavailable('too_many_look_ups');
    this.underWay += 1;
    this.lookUps += 1;
    const sentAt = this.clock.milliseconds();
    try {
      const verdict = await this.judged(asked);
      if (!verdict.accepted) return { verdict, subjects: [EVERYTHING], isKept: false };
      const goodUntil = sentAt + verdict.goodForSeconds * 1000;
      const seen = new Set([...others, asked.id].slice(-MOST_SEEN));
      return { verdict, seen, goodUntil, subjects: verdict.subjects, isKept: verdict.keep };
    } finally {
      this.underWay -= 1;
    }
  }
}

/** The number that was applied is not one of this feed: the store was emptied. */
export class OtherFeed extends Error {
  override readonly name = 'OtherFeed';
}

/** Knows a ticket again, and does not give it away. */
export function fingerprint(ticket: string): string {
  return hash('sha256', ticket, 'base64url');
}
