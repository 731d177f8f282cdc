import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { type AuditEvent, AuditSink } from '../audit/audit-sink.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import type { CountedLimit } from './rate-limit.store.js';

/** Some 10 MB at most, whatever clients send. */
const MOST_KEYS = 10_000;
const LOOK_EVERY_MS = 60_000;

interface Refused {
  event: AuditEvent;
  readonly resetsAt: Date;
  repeats: number;
}

/**
 * Records refusals by limits so that a flood of them writes next to nothing: the first of a key in a window at once, and how many
 * followed in one event when the window is over. Each node records its own.
 */
@Injectable()
export class Refusals implements BeforeApplicationShutdown {
  private readonly refused = new Map<string, Refused>();
  private readonly underWay = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {
    this.timer = setInterval(() => void this.closeEnded(), LOOK_EVERY_MS).unref();
  }

  /** How many keys are watched. */
  get size(): number {
    return this.refused.size;
  }

  /**
   * Records a refusal by that counter. Never rejects.
   *
   * @param whose finds out whom the request was meant for. No request waits for it, or a known user would be answered later than an unknown one
   */
  async record(
    { key, resetsAt }: CountedLimit,
    event: Omit<AuditEvent, 'type'>,
    whose?: () => Promise<string | null>,
  ): Promise<void> {
    const known = this.refused.get(key);
    if (known?.resetsAt.getTime() === resetsAt.getTime()) {
      known.repeats += 1;
      return;
    }
    const first: AuditEvent = { ...event, type: 'limit.exceeded' };
    this.refused.delete(key);
    const refused: Refused = { event: first, resetsAt, repeats: 0 };
    this.refused.set(key, refused);
    const recording = whose ? this.recordLater(refused, whose) : this.audit.record(first);
    await Promise.all([whose ? undefined : recording, known && this.close(known), this.closeEnded()]);
  }

  /** Resolves when nothing is left to be recorded. */
  async settled(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private recordLater(refused: Refused, whose: () => Promise<string | null>): Promise<void> {
    const recording = whose()
      .catch(() => null)
      .then((userId) => {
        refused.event = { ...refused.event, userId };
        return this.audit.record(refused.event);
      })
      .finally(() => this.underWay.delete(recording));
    this.underWay.add(recording);
    return recording;
  }

  /** Nothing is refused any more that could still be counted. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.settled();
    const all = [...this.refused.values()];
    this.refused.clear();
    await Promise.all(all.map((one) => this.close(one)));
  }

  private async closeEnded(): Promise<void> {
    const now = this.clock.now();
    const ended: Refused[] = [];
    for (const [key, one] of this.refused) {
      if (one.resetsAt > now && this.refused.size <= MOST_KEYS) break;
      this.refused.delete(key);
      ended.push(one);
    }
    await Promise.all(ended.map((one) => this.close(one)));
  }

  private async close({ event, resetsAt, repeats }: Refused): Promise<void> {
    if (repeats > 0) await this.audit.record({ ...event, repeats, until: resetsAt.toISOString() });
  }
}

/** Whether it was a limit that refused: then it is recorded already. */
export function isRefusedByLimit(error: unknown): boolean {
  return error instanceof AuthError && error.code === 'rate_limited';
}
