import { createHash } from 'node:crypto';

/** Which addresses and ids a dry run has met, for it writes none. Some 100 bytes a user. */
export class SeenBefore {
  private readonly digests = new Set<number>();

  /** Adds both. @returns whether neither was there */
  add(email: string, id: string): boolean {
    const keys = [digestOf(email), digestOf(id)];
    const isNew = keys.every((key) => !this.digests.has(key));
    for (const key of keys) this.digests.add(key);
    return isNew;
  }
}

/** A number holds 48 bits of it exactly; where two texts had the same, a dry run would call one user too many taken. */
function digestOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
