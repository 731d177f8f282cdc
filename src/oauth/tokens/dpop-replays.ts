import { hashSecret } from '../../kernel/secret-token.js';

/** At 100 bytes or so each. */
const CAPACITY = 200_000;

/**
 * Which proofs this node has accepted, for as long as they could be accepted again. Bounded, and yet none passes twice: what no longer fits
 * is forgotten with all that is as old, and from then on nothing so old is accepted.
 */
export class DpopReplays {
  /** By the second they say they were made in. */
  private readonly seen = new Map<number, Set<string>>();
  private count = 0;
  /** Proofs from before it may have been forgotten. Seconds since 1970. */
  private floor = 0;

  constructor(private readonly capacity = CAPACITY) {}

  get size(): number {
    return this.count;
  }

  /**
   * Notes a proof that is right in all else.
   *
   * @param iat when it was made, in whole seconds since 1970
   * @param oldest what is older than this is refused anyway, and need not be kept
   * @returns false when it was there before, or when that can no longer be told
   */
  note(thumbprint: string, jti: string, iat: number, oldest: number): boolean {
    this.forgetBefore(oldest);
    if (iat < this.floor) return false;
    const proofs = this.seen.get(iat) ?? new Set<string>();
    // A hash: its length is bounded, whatever a client calls its proofs.
    const proof = hashSecret(`${thumbprint}.${jti}`);
    if (proofs.has(proof)) return false;
    this.seen.set(iat, proofs.add(proof));
    this.count += 1;
    if (this.count > this.capacity) this.forgetOldest();
    return true;
  }

  private forgetBefore(oldest: number): void {
    if (oldest <= this.floor) return;
    this.floor = oldest;
    for (const second of this.seen.keys()) if (second < oldest) this.forget(second);
  }

  private forgetOldest(): void {
    const second = Math.min(...this.seen.keys());
    this.forget(second);
    this.floor = second + 1;
  }

  private forget(second: number): void {
    this.count -= this.seen.get(second)?.size ?? 0;
    this.seen.delete(second);
  }
}
