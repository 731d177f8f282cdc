/** The cost of one hash: RFC 9106 section 3.1. */
export interface Argon2Cost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

const PHC =
  /^\$argon2(?:i|d|id)\$v=(?:16|19)\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}$/;

/** A gibibyte once, as libsodium's dearest does four times. */
const MOST: Argon2Cost = { memoryKib: 1_048_576, passes: 999, lanes: 16 };
const MOST_WORK_KIB = 4 * MOST.memoryKib;

/** The cost that a hash in the PHC format names; null for what is none. */
export function argon2CostOf(phc: string): Argon2Cost | null {
  const [, memory, passes, lanes] = PHC.exec(phc) ?? [];
  if (lanes === undefined) return null;
  return { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
}

/**
 * Whether a login may take so much work: the one who imports a hash chooses its cost, and one that takes a minute stops all logins.
 *
 * @param own what new hashes cost here, which a login may take at any rate
 */
export function isAffordable({ memoryKib, passes, lanes }: Argon2Cost, own?: Argon2Cost): boolean {
  if (own && memoryKib <= own.memoryKib && passes <= own.passes && lanes <= own.lanes) return true;
  const isPossible = passes >= 1 && lanes >= 1 && memoryKib >= 8 * lanes;
  const isWithin = memoryKib <= MOST.memoryKib && passes <= MOST.passes && lanes <= MOST.lanes;
  return isPossible && isWithin && memoryKib * passes <= MOST_WORK_KIB;
}
