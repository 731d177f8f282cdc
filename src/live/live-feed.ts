import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { AuditFeed, type FedEvent } from '../audit/audit-feed.js';

/** From the beginning of one look to that of the next: what happened on another node is known here within a second. */
const LOOK_MILLISECONDS = 900;
/** Events taken from one look. A reader who is told of more than these reads its page anew. */
const EVENTS_A_LOOK = 500;

/** The result of one look at the feed. */
export interface LiveNews {
  /** To go on from, on any node. */
  readonly position: string;
  readonly events: readonly FedEvent[];
  /** More happened than is told. */
  readonly isCut: boolean;
}

/** Hears of all events; must not throw. */
export type LiveListener = (news: LiveNews) => void;

/**
 * The events of all nodes, a moment after their commit: one query a second, shared by all who listen on this node; none while no
 * reader does.
 */
@Injectable()
export class LiveFeed implements BeforeApplicationShutdown {
  private readonly logger = new Logger('live');
  private readonly listeners = new Set<LiveListener>();
  /** Of the last look. */
  private at: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;
  private isStopped = false;

  constructor(private readonly audit: AuditFeed) {}

  /** Whether it asks nothing, as it has no listener. */
  get isIdle(): boolean {
    return this.timer === undefined && this.underWay === undefined;
  }

  /** Where the feed is: to be asked before what is shown is read, so that nothing falls in between. */
  position(): Promise<string> {
    return this.audit.position();
  }

  /**
   * Tells what has happened since `position`, and then whatever happens. An event may come twice at the beginning. Returns how to stop.
   *
   * @throws when the database is out of reach at the beginning; later it tells nothing for so long, and all of it afterwards
   */
  async listen(position: string, listener: LiveListener): Promise<() => void> {
    // Listens before it looks: an event that commits in between comes by both ways rather than by none.
    const early: LiveNews[] = [];
    let tell: LiveListener = (news) => void early.push(news);
    const hear: LiveListener = (news) => tell(news);
    this.listeners.add(hear);
    const stop = () => {
      this.listeners.delete(hear);
    };
    try {
      const missed = await this.audit.since(position, EVENTS_A_LOOK);
      // Told in this order, for a reader goes on from what it was told last.
      for (const news of [missed, ...early]) listener(news);
      tell = listener;
      if (this.timer === undefined && !this.underWay) this.plan(LOOK_MILLISECONDS);
      // Who begins to listen has missed nothing since then: without others, looks begin there.
      this.at ??= missed.position;
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.underWay;
  }

  private plan(milliseconds: number): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      const begun = performance.now();
      this.underWay = this.look().then(() => {
        this.underWay = undefined;
        // Without a reader it need not know where it stopped.
        if (this.listeners.size === 0) this.at = undefined;
        else this.plan(Math.max(0, LOOK_MILLISECONDS - (performance.now() - begun)));
      });
    }, milliseconds);
    this.timer.unref();
  }

  /** Never rejects. */
  private async look(): Promise<void> {
    if (this.listeners.size === 0 || this.at === undefined) return;
    try {
      const news = await this.audit.since(this.at, EVENTS_A_LOOK);
      this.at = news.position;
      for (const listener of this.listeners) listener(news);
    } catch (error) {
      // From the same position again: nothing is passed over.
      this.logger.warn(`live events could not be read (${(error as Error).message})`);
    }
  }
}
