import { hashSecret } from '../../kernel/secret-token.js';
import {
  type Allowance,
  AtomicPrimitives,
  assertAdvance,
  assertAllowance,
  type Count,
  type CountedAddition,
} from '../../sessions/atomic-primitives.js';
import type { MemcachedConnection } from './memcached-connection.js';

/** Deadlines in ms, by the callers' clock. */
interface Offer {
  readonly value: number;
  readonly expires: number;
}

interface Window {
  readonly resets: number;
}

/** The atomic primitives in Memcached: values changed only as they were read, and numbers. */
export class MemcachedAtomicPrimitives extends AtomicPrimitives {
  constructor(private readonly cache: MemcachedConnection) {
    super();
  }

  async offer(key: string, value: number, { expiresAt, now }: { expiresAt: Date; now: Date }): Promise<boolean> {
    if (expiresAt <= now) return false;
    return this.cache.change<Offer, boolean>(offerKey(key), (held) => {
      if (held && held.expires > now.getTime()) return { result: false };
      const offer = { value, expires: expiresAt.getTime() };
      return { write: { value: offer, lifeSeconds: secondsFrom(now, offer.expires) }, result: true };
    });
  }

  async consumeOnce(key: string, now: Date): Promise<boolean> {
    return this.cache.change<Offer, boolean>(offerKey(key), (held) =>
      held && held.expires > now.getTime() ? { remove: true, result: true } : { result: false },
    );
  }

  async compareAndAdvance(key: string, step: { expected: number; next: number; now: Date }): Promise<boolean> {
    assertAdvance(step);
    return this.cache.change<Offer, boolean>(offerKey(key), (held) => {
      if (held?.value !== step.expected || held.expires <= step.now.getTime()) return { result: false };
      const offer = { ...held, value: step.next };
      return { write: { value: offer, lifeSeconds: secondsFrom(step.now, held.expires) }, result: true };
    });
  }

  /** The window is a value of its own; within it only `increment` is used, which no number of others can hold up. */
  async addIfBelow(key: string, allowance: Allowance): Promise<Count> {
    assertAllowance(allowance);
    const { limit, now } = allowance;
    const resets = await this.windowOf(key, allowance);
    const countKey = countKeyOf(key, resets);
    const count = await this.cache.increment(countKey, secondsFrom(now, resets));
    const resetsAt = new Date(resets);
    if (count <= limit) return { added: true, count, resetsAt };
    // Taken back afterwards: in between a caller may be refused too early, but none is let in beyond the limit.
    await this.cache.decrement(countKey);
    return { added: false, count: limit, resetsAt };
  }

  async subtract(counted: readonly CountedAddition[]): Promise<void> {
    await Promise.all(counted.map(({ key, resetsAt }) => this.cache.decrement(countKeyOf(key, resetsAt.getTime()))));
  }

  async forget(keys: readonly string[]): Promise<void> {
    await Promise.all(
      keys.map(async (key) => {
        const window = await this.cache.get<Window>(windowKey(key));
        if (!window) return;
        await this.cache.remove(windowKey(key));
        // The next window may end in the same millisecond, and would go on with this number.
        await this.cache.remove(countKeyOf(key, window.value.resets));
      }),
    );
  }

  /** When the running window ends; begins one if none is running. */
  private windowOf(key: string, { now, windowSeconds }: Allowance): Promise<number> {
    return this.cache.change<Window, number>(windowKey(key), (held) => {
      if (held && held.resets > now.getTime()) return { result: held.resets };
      const resets = now.getTime() + Math.ceil(windowSeconds * 1000);
      return { write: { value: { resets }, lifeSeconds: secondsFrom(now, resets) }, result: resets };
    });
  }
}

/** Keys may hold what a client sent: a hash can be neither too long, nor a command, nor another client's key. */
function offerKey(key: string): string {
  return `coatcheck:offer:${hashSecret(key)}`;
}

function windowKey(key: string): string {
  return `coatcheck:window:${hashSecret(key)}`;
}

function countKeyOf(key: string, resets: number): string {
  return `coatcheck:count:${hashSecret(key)}:${resets}`;
}

function secondsFrom(now: Date, instant: number): number {
  return (instant - now.getTime()) / 1000;
}
