import {
  type Allowance,
  AtomicPrimitives,
  assertAdvance,
  assertAllowance,
  type Count,
  type CountedAddition,
} from '../../sessions/atomic-primitives.js';

/** The atomic primitives in this process. Each method does its work before its first wait, so each is atomic. */
export class MemoryAtomicPrimitives extends AtomicPrimitives {
  private readonly offers = new Map<string, { value: number; expiresAt: Date }>();
  private readonly counters = new Map<string, { count: number; resetsAt: Date }>();

  async offer(key: string, value: number, { expiresAt, now }: { expiresAt: Date; now: Date }): Promise<boolean> {
    forgetOldest(this.offers, ({ expiresAt: end }) => end <= now);
    if (this.standing(key, now) || expiresAt <= now) return false;
    // Deleted first: a key that is set again would keep its old place, and block those behind it from being forgotten.
    this.offers.delete(key);
    this.offers.set(key, { value, expiresAt: new Date(expiresAt) });
    return true;
  }

  async consumeOnce(key: string, now: Date): Promise<boolean> {
    return this.standing(key, now) !== undefined && this.offers.delete(key);
  }

  async compareAndAdvance(key: string, step: { expected: number; next: number; now: Date }): Promise<boolean> {
    assertAdvance(step);
    const offer = this.standing(key, step.now);
    if (offer?.value !== step.expected) return false;
    offer.value = step.next;
    return true;
  }

  async addIfBelow(key: string, allowance: Allowance): Promise<Count> {
    assertAllowance(allowance);
    const { limit, windowSeconds, now } = allowance;
    forgetOldest(this.counters, ({ resetsAt }) => resetsAt <= now);
    const running = this.counters.get(key);
    if (!running || running.resetsAt <= now) {
      const resetsAt = new Date(now.getTime() + windowSeconds * 1000);
      this.counters.delete(key);
      this.counters.set(key, { count: 1, resetsAt });
      return { added: true, count: 1, resetsAt: new Date(resetsAt) };
    }
    const added = running.count < limit;
    if (added) running.count += 1;
    return { added, count: running.count, resetsAt: new Date(running.resetsAt) };
  }

  async subtract(counted: readonly CountedAddition[]): Promise<void> {
    for (const { key, resetsAt } of counted) {
      const running = this.counters.get(key);
      if (running?.resetsAt.getTime() === resetsAt.getTime() && running.count > 0) running.count -= 1;
    }
  }

  async forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) this.counters.delete(key);
  }

  private standing(key: string, now: Date) {
    const offer = this.offers.get(key);
    return offer && offer.expiresAt > now ? offer : undefined;
  }
}

/** Forgets what has expired, the oldest first, up to the first that has not: enough to keep a map from growing for ever. */
function forgetOldest<T>(entries: Map<string, T>, isOver: (entry: T) => boolean): void {
  for (const [key, entry] of entries) {
    if (!isOver(entry)) return;
    entries.delete(key);
  }
}
