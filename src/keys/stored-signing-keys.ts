import type { Repository } from 'typeorm';
import type { Clock } from '../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../kernel/instant.js';
import type { SigningNeed } from '../kernel/signing-need.js';
import type { SigningKeyEntity } from './signing-key.entity.js';
import type { JwtAlgorithm } from './signing-keys.js';

/** Rows of the table that are of use, as a node is configured. */
export interface StoredKeys {
  /** For each algorithm the current one first, then those retired so lately that a token of theirs may still be out. */
  readonly accepted: readonly SigningKeyEntity[];
  /** Retired longer ago, the latest first: what they signed is still known again. */
  readonly remembered: readonly SigningKeyEntity[];
  /** Those that have no current key. */
  readonly missing: readonly JwtAlgorithm[];
}

/** Which keys in the table `signing_keys` count, by what is signed with them. */
export class StoredSigningKeys {
  /** That of access tokens first. */
  readonly algorithms: readonly JwtAlgorithm[];
  private readonly tokenSeconds: number;
  private readonly publicSeconds: number;

  /** @param marginSeconds by which a node may sign with an older key, having heard nothing of a rotation */
  constructor(
    private readonly table: Repository<SigningKeyEntity>,
    private readonly clock: Clock,
    jwtAlgorithm: JwtAlgorithm,
    needs: readonly SigningNeed[],
    marginSeconds: number,
  ) {
    this.algorithms = [...new Set([jwtAlgorithm, ...needs.flatMap(({ algorithms = [] }) => algorithms)])];
    this.tokenSeconds = longest(needs.map(({ tokenSeconds }) => tokenSeconds)) + marginSeconds;
    this.publicSeconds = longest(needs.map(({ publicSeconds = 0 }) => publicSeconds)) + marginSeconds;
  }

  async read(): Promise<StoredKeys> {
    const rows = await this.table
      .createQueryBuilder('key')
      .where('key.algorithm = ANY(:all)', { all: this.algorithms });
    const found = latestFirst(await rows.getMany());
    const current = found.filter(isCurrent);
    const retiredSince = (seconds: number) => {
      const horizon = this.clock.in(-seconds);
      return found.filter(({ retiredAt }) => retiredAt !== null && retiredAt > horizon);
    };
    const accepted = retiredSince(this.tokenSeconds);
    return {
      accepted: this.algorithms.flatMap((one) =>
        [...current, ...accepted].filter(({ algorithm }) => algorithm === one),
      ),
      remembered: retiredSince(this.publicSeconds).filter((row) => !accepted.includes(row)),
      missing: this.algorithms.filter((one) => !current.some(({ algorithm }) => algorithm === one)),
    };
  }
}

function longest(seconds: readonly number[]): number {
  return Math.max(0, ...seconds);
}

function latestFirst(rows: readonly SigningKeyEntity[]): SigningKeyEntity[] {
  return [...rows].sort((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
}

function isCurrent({ createdAt, retiredAt }: SigningKeyEntity): boolean {
  // Never null in the table: where it cannot be read, neither can the other, and a retired key would sign again.
  readInstant(createdAt, 'signing_keys.created_at');
  return readInstantOrNull(retiredAt, 'signing_keys.retired_at') === null;
}
