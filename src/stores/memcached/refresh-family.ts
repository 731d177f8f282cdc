import { readMilliseconds } from '../../kernel/instant.js';
import type { RefreshTokenRecord, Rotation, RotationOutcome } from '../../sessions/refresh-token.store.js';

/** The refresh tokens of one session, as one value: what is one value can be changed in one step. */
export interface RefreshFamily {
  readonly lifeSeconds: number;
  /** By hash, the oldest first: expiry and, once spent, when; both in ms. */
  readonly tokens: Readonly<Record<string, { readonly expires: number; readonly consumed: number | null }>>;
}

/** Older ones are forgotten: they are refused then, but no longer taken for theft. */
const MOST_TOKENS = 500;

/** With a token that was never used. @throws when its hash is taken */
export function withToken(family: RefreshFamily, { tokenHash, expiresAt }: RefreshTokenRecord): RefreshFamily {
  if (tokenOf(family, tokenHash)) throw new Error('refresh token hash is taken');
  const kept = Object.entries(family.tokens).slice(1 - MOST_TOKENS);
  const added = [tokenHash, { expires: expiresAt.getTime(), consumed: null }] as const;
  return { ...family, tokens: Object.fromEntries([...kept, added]) };
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
    const isWithinGrace = graceSeconds > 0 && Math.abs(now.getTime() - consumed) <= graceSeconds * 1000;
    const isUnused = tokenOf(family, successor.tokenHash)?.consumed === null;
    return { outcome: isWithinGrace && isUnused ? 'replayed' : 'reused' };
  }
  if (readMilliseconds(presented.expires, 'refresh_token.expires') <= now) return { outcome: 'expired' };
  const consumed = { ...family.tokens, [tokenHash]: { ...presented, consumed: now.getTime() } };
  return { outcome: 'rotated', family: withToken({ ...family, tokens: consumed }, successor) };
}

/** The token of that hash; undefined when the session has none. */
export function tokenOf({ tokens }: RefreshFamily, tokenHash: string): RefreshFamily['tokens'][string] | undefined {
  return Object.hasOwn(tokens, tokenHash) ? tokens[tokenHash] : undefined;
}
