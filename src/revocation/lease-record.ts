/** Metrics of a node's lease. All times are milliseconds of the steady clock. */
export class LeaseRecord {
  /** How many revocations the feed has brought. */
  applied = 0;
  /** Of the latest revocation that the feed is known to have. */
  head = 0;
  private confirmedAt: number;
  private lookupMilliseconds = 0;
  /** Null while the lease is held. */
  private lookupSince: number | null;

  constructor(startedAt: number) {
    this.confirmedAt = startedAt;
    this.lookupSince = startedAt;
  }

  held(confirmedAt: number, now: number, head: number): void {
    this.head = head;
    this.confirmedAt = confirmedAt;
    if (this.lookupSince !== null) this.lookupMilliseconds += now - this.lookupSince;
    this.lookupSince = null;
  }

  /** However often: since the first time. */
  lost(at: number): void {
    this.lookupSince ??= at;
  }

  /** How long ago the store last granted or prolonged a lease; at first, since the start. */
  ageSeconds(now: number): number {
    return (now - this.confirmedAt) / 1000;
  }

  /** How long, all in all, every request had to ask the store. */
  lookupSeconds(now: number): number {
    const current = this.lookupSince === null ? 0 : now - this.lookupSince;
    return (this.lookupMilliseconds + current) / 1000;
  }
}
