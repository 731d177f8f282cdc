import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { SessionStore, type SessionTouch } from './session.store.js';

/** How long a last-seen update waits for others to be written with it. */
const GATHERING_MILLISECONDS = 1_000;
/** Per statement. */
const BATCH = 1_000;
/** While the store is out of reach; beyond, last-seen updates are lost, and their sessions seem idle for longer than they were. */
const WAITING = 100_000;

/** Writes `last_seen_at` behind the requests, many sessions at a time. */
@Injectable()
export class SessionTouches implements BeforeApplicationShutdown {
  private readonly logger = new Logger('sessions');
  private waiting = new Map<string, SessionTouch>();
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly store: SessionStore) {}

  record(sessionId: string, touch: SessionTouch): void {
    if (this.waiting.size >= WAITING && !this.waiting.has(sessionId)) return;
    this.waiting.set(sessionId, touch);
    this.timer ??= setTimeout(() => void this.flush(), GATHERING_MILLISECONDS).unref();
  }

  /** A last-seen update that is not written yet. */
  latest(sessionId: string): SessionTouch | undefined {
    return this.waiting.size === 0 ? undefined : this.waiting.get(sessionId);
  }

  /** Writes all that wait. Never rejects: what could not be written waits for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  private async write(): Promise<void> {
    const entries = [...this.waiting];
    for (let start = 0; start < entries.length; start += BATCH) {
      const batch = entries.slice(start, start + BATCH);
      try {
        await this.store.touchAll(new Map(batch));
      } catch (error) {
        this.logger.warn(`last-seen updates are not written yet: ${(error as Error).message}`);
        this.timer ??= setTimeout(() => void this.flush(), GATHERING_MILLISECONDS).unref();
        return;
      }
      // One that was recorded meanwhile waits for its own turn.
      for (const [id, touch] of batch) if (this.waiting.get(id) === touch) this.waiting.delete(id);
    }
  }
}
