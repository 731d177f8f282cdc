import type { AccessTokenClaims } from './access-token-claims.js';

/** About 1 kB each. */
const CAPACITY = 20_000;

/**
 * Tokens whose signature was found right, so that it is checked once a token and not once a request. It says nothing about
 * their times, nor about their sessions. Only signed tokens get in, so nobody without one can drive others out.
 */
export class VerifiedTokens {
  /** In the order of arrival, which is nearly that of expiry: all live equally long. */
  private readonly claims = new Map<string, AccessTokenClaims>();

  constructor(private readonly capacity = CAPACITY) {}

  get size(): number {
    return this.claims.size;
  }

  get(token: string): AccessTokenClaims | undefined {
    return this.claims.get(token);
  }

  /** @param now seconds since 1970; what had expired by then is dropped, the oldest first */
  add(token: string, claims: AccessTokenClaims, now: number): void {
    if (claims.exp <= now) return;
    this.claims.set(token, Object.freeze(claims));
    for (const [oldest, { exp }] of this.claims) {
      if (exp > now && this.claims.size <= this.capacity) return;
      this.claims.delete(oldest);
    }
  }

  delete(token: string): void {
    this.claims.delete(token);
  }

  clear(): void {
    this.claims.clear();
  }
}
