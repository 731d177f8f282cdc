import { createHash } from 'node:crypto';

/** What a dry run has met of a user: nothing, the very same user, the address as another user's, or the id with another address. */
export type Met = 'new' | 'same_user' | 'same_address' | 'same_id';

/** Which addresses and ids a dry run has met, for it writes none. Some 100 bytes a user. */
export class SeenBefore {
  private readonly addresses = new Set<number>();
  private readonly addressOf = new Map<number, number>();

  /** Adds a user who is new. @returns as {@link find} */
  add(email: string, id: string): Met {
    const met = this.find(email, id);
    if (met !== 'new') return met;
    const address = digestOf(email);
    this.addresses.add(address);
    this.addressOf.set(digestOf(id), address);
    return met;
  }

  /** What would be here of a user by now, had the run written. */
  find(email: string, id: string): Met {
    const address = digestOf(email);
    const known = this.addressOf.get(digestOf(id));
    if (known !== undefined) return known === address ? 'same_user' : 'same_id';
    return this.addresses.has(address) ? 'same_address' : 'new';
  }
}

/** A number holds 48 bits of it exactly; where two texts had the same, a dry run would call one user too many taken. */
function digestOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6);
}
