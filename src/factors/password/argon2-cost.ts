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

/**
 * As much memory as a hash of scrypt may hold, four times: a second or two of a core, where new hashes take 20 ms. A gibibyte, four times,
 * takes longer than a login is given by default, and two at once more memory than many a container has.
 */
const MOST_IMPORTED: Argon2Cost = { ...MOST, memoryKib: 262_144 };
const MOST_IMPORTED_WORK_KIB = 4 * MOST_IMPORTED.memoryKib;

/** The cost that a hash in the PHC format names; null for what is none. */
export function argon2CostOf(phc: string): Argon2Cost | null {
  const [, memory, passes, lanes] = PHC.exec(phc) ?? [];
  if (lanes === undefined) return null;
  return { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
}

/**
 * Whether a login may take so much work, by a hash that is stored: it may have been made here when hashes cost more, or come in by other ways
 * than an import, and one that takes a minute stops all logins.
 *
 * @param own what new hashes cost here, which a login may take at any rate
 */
export function isAffordable(cost: Argon2Cost, own?: Argon2Cost): boolean {
  return isNoDearerThan(cost, own) || isWithin(cost, MOST, MOST_WORK_KIB);
}

/**
 * Whether a hash of this cost may be imported: the one who imports hashes chooses what each login by them costs.
 *
 * @param own what new hashes cost here: no dearer ones may be imported at any rate
 */
export function isImportable(cost: Argon2Cost, own?: Argon2Cost): boolean {
  return isNoDearerThan(cost, own) || isWithin(cost, MOST_IMPORTED, MOST_IMPORTED_WORK_KIB);
}

function isNoDearerThan({ memoryKib, passes, lanes }: Argon2Cost, own: Argon2Cost | undefined): boolean {
  return own !== undefined && memoryKib <= own.memoryKib && passes <= own.passes && lanes <= own.lanes;
}

function isWithin({ memoryKib, passes, lanes }: Argon2Cost, most: Argon2Cost, mostWorkKib: number): boolean {
  const isPossible = passes >= 1 && lanes >= 1 && memoryKib >= 8 * lanes;
  const isEachWithin = memoryKib <= most.memoryKib && passes <= most.passes && lanes <= most.lanes;
  return isPossible && isEachWithin && memoryKib * passes <= mostWorkKib;
}
