import { readMilliseconds } from '../../kernel/instant.js';
import type { RefreshTokenRecord, Rotation, RotationOutcome } from '../../sessions/refresh-token.store.js';

/** The refresh tokens of one session, as one value: what is one value can be changed in one step. */
export interface RefreshFamily {
  readonly lifeSeconds: number;
  /** By hash, the oldest first: expiry and, once spent, when; both in ms. */
  readonly tokens: Readonly<Record<string, { readonly expires: number; readonly consumed: number | null }>>;
  /** The second in which its newest token was created, while nothing of that one's pair was presented; absent: something may have been. */
  readonly unanswered?: number;
}

/** Older ones are forgotten: they are refused then, but no longer taken for theft. */
const MOST_TOKENS = 500;

/** With a token that was never used. @throws when its hash is taken */
export function withToken(
  family: RefreshFamily,
  { tokenHash, createdAt, expiresAt }: RefreshTokenRecord,
): RefreshFamily {
  if (tokenOf(family, tokenHash)) throw new Error('refresh token hash is taken');
  const kept = Object.entries(family.tokens).slice(1 - MOST_TOKENS);
  const added = [tokenHash, { expires: expiresAt.getTime(), consumed: null }] as const;
  return { ...family, tokens: Object.fromEntries([...kept, added]), unanswered: wholeSeconds(createdAt) };
}

/** Returns the outcome of a rotation, and the family afterwards if it changes. @throws when the successor's hash is taken */
export function rotated(
  family: RefreshFamily,
  { tokenHash, successor, now, graceSeconds }: Rotation,
): { outcome: RotationOutcome; family?: RefreshFamily } {
  const presented = tokenOf(family, tokenHash);
  if (!presented) return { outcome: 'unknown' };
  if (presented.consumed !== null) {
    const consumed = readMilliseconds(presented.consumed, 'refresh_token.consumed').getTime();
    const next = tokenOf(family, successor.tokenHash);
    if (graceSeconds === 0 || next?.consumed !== null) return { outcome: 'reused' };
    const issued = wholeSeconds(successor.createdAt);
    const earlier = family.unanswered !== undefined && issued < family.unanswered ? { unanswered: issued } : null;
    if (Math.abs(now.getTime() - consumed) <= graceSeconds * 1000)
      return { outcome: 'replayed', ...(earlier && { family: { ...family, ...earlier } }) };
    if (family.unanswered === undefined) return { outcome: 'reused' };
    if (readMilliseconds(next.expires, 'refresh_token.expires') <= now) return { outcome: 'expired' };
    const expires = Math.max(next.expires, successor.expiresAt.getTime());
    const tokens = { ...family.tokens, [tokenHash]: { ...presented, consumed: now.getTime() } };
    return {
      outcome: 'replayed',
      family: { ...family, ...earlier, tokens: { ...tokens, [successor.tokenHash]: { ...next, expires } } },
    };
  }
  if (readMilliseconds(presented.expires, 'refresh_token.expires') <= now) return { outcome: 'expired' };
  const consumed = { ...family.tokens, [tokenHash]: { ...presented, consumed: now.getTime() } };
  return { outcome: 'rotated', family: withToken({ ...family, tokens: consumed }, successor) };
}

/** The family once such an access token was presented; null: that changes nothing. */
export function withUse({ unanswered, ...family }: RefreshFamily, issuedAt: Date): RefreshFamily | null {
  return unanswered !== undefined && unanswered <= wholeSeconds(issuedAt) ? family : null;
}

function wholeSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}

/** The token of that hash; undefined when the session has none. */
export function tokenOf({ tokens }: RefreshFamily, tokenHash: string): RefreshFamily['tokens'][string] | undefined {
  return Object.hasOwn(tokens, tokenHash) ? tokens[tokenHash] : undefined;
}
