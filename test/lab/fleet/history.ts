/** One request with a ticket, as the driver saw it. Instants are milliseconds of the driver's one steady clock. */
export interface RequestRecord {
  readonly ticket: number;
  readonly user: number;
  readonly node: number;
  /** Not later than the first byte was sent. */
  readonly startedAt: number;
  /** Not earlier than the last byte came. */
  readonly endedAt: number;
  /** 0: no answer. */
  readonly status: number;
  readonly code: string | null;
  /** Number of the role that the reply showed; null unless it showed one. */
  readonly role: number | null;
  /** Number of the role that the access token was minted with; null for a session cookie. */
  readonly tokenRole: number | null;
  /** Whether the reply had a `Set-Cookie`. */
  readonly touchedCookies: boolean;
}

/** Something that ends tickets or changes a user; begun, and perhaps acknowledged. */
export interface RevocationRecord {
  readonly by: string;
  readonly kind: 'ended' | 'changed';
  readonly tickets: readonly number[];
  readonly user: number;
  /** `changed`: number of the new role; they only grow. */
  readonly role?: number;
  readonly startedAt: number;
  /** Null until its caller was told that it is done; for ever, when that never came. */
  acknowledgedAt: number | null;
}

/**
 * While it lasts, `node` (null: every node) may answer 503 (`store`), not at all (`node`), or refuse tokens of a node whose
 * clock is ahead of its own by more than `JWT_LEEWAY_SECONDS` (`clock`).
 */
export interface Outage {
  readonly what: 'store' | 'node' | 'clock';
  readonly node: number | null;
  readonly from: number;
  to: number;
}

/** Everything that happened in one scenario. */
export class History {
  readonly requests: RequestRecord[] = [];
  readonly revocations: RevocationRecord[] = [];
  readonly outages: Outage[] = [];

  /** Milliseconds, only ever forward. */
  now(): number {
    return performance.now();
  }

  /** From now on until its `to` is set. */
  beginOutage(what: Outage['what'], node: number | null): Outage {
    const outage: Outage = { what, node, from: this.now(), to: Number.POSITIVE_INFINITY };
    this.outages.push(outage);
    return outage;
  }

  /** Before the first byte of it is sent. */
  beginRevocation(revocation: Omit<RevocationRecord, 'startedAt' | 'acknowledgedAt'>): RevocationRecord {
    const record: RevocationRecord = { ...revocation, startedAt: this.now(), acknowledgedAt: null };
    this.revocations.push(record);
    return record;
  }
}
