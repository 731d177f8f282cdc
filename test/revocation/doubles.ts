import type { GrantedLease, Revocation } from '../../src/revocation/revocation-feed.js';
import { type SessionSnapshot, SnapshotSource } from '../../src/revocation/session-view.js';
import { SteadyClock } from '../../src/revocation/steady-clock.js';
import { MemoryRevocationFeed } from '../../src/stores/memory/memory-revocation.feed.js';

/** Stands still until it is moved. */
export class FakeSteadyClock extends SteadyClock {
  private passed = 0;

  milliseconds(): number {
    return this.passed;
  }

  advance(milliseconds: number): void {
    this.passed += milliseconds;
  }
}

/** Sessions by id, each read at the start of a load and delivered when the test says so; at once unless `isHeldBack`. */
export class HeldBackSource extends SnapshotSource {
  readonly rows = new Map<string, SessionSnapshot>();
  readonly pending: { sessionId: string; deliver: () => void }[] = [];
  readonly isAnnounced = true;
  isHeldBack = false;
  loads = 0;

  async load(sessionId: string): Promise<SessionSnapshot | null> {
    this.loads += 1;
    const row = this.rows.get(sessionId) ?? null;
    if (this.isHeldBack) await new Promise<void>((deliver) => this.pending.push({ sessionId, deliver }));
    return row;
  }

  deliverAll(): void {
    for (const { deliver } of this.pending.splice(0)) deliver();
  }
}

/** A feed whose answers the test can hold back, lose or falsify. */
export class UnreliableFeed extends MemoryRevocationFeed {
  private gate: Promise<void> = Promise.resolve();
  private open: () => void = () => {};
  forgetsUpTo = 0;
  isDown = false;
  /** Renewals and acknowledgements. */
  told = 0;

  hold(): void {
    this.gate = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  release(): void {
    this.open();
  }

  override async since(seq: number, limit: number): Promise<Revocation[]> {
    await this.pass();
    return (await super.since(seq, limit)).filter((revocation) => revocation.seq > this.forgetsUpTo);
  }

  override async grant(leaseId: string, leaseSeconds: number): Promise<GrantedLease> {
    await this.pass();
    return super.grant(leaseId, leaseSeconds);
  }

  override async renew(leaseId: string, appliedSeq: number, leaseSeconds: number): Promise<number | null> {
    this.told += 1;
    await this.pass();
    return super.renew(leaseId, appliedSeq, leaseSeconds);
  }

  override async acknowledge(leaseId: string, appliedSeq: number): Promise<number | null> {
    this.told += 1;
    await this.pass();
    return super.acknowledge(leaseId, appliedSeq);
  }

  private async pass(): Promise<void> {
    if (this.isDown) throw new Error('out of reach');
    await this.gate;
  }
}

export function snapshotOf(id: string, userId: string, version = 1): SessionSnapshot {
  const now = new Date('2030-01-01T12:00:00Z');
  return {
    id,
    strategy: 'session',
    transport: 'cookie',
    secretHash: null,
    createdAt: now,
    authenticatedAt: now,
    lastSeenAt: now,
    idleExpiresAt: now,
    absoluteExpiresAt: now,
    ip: null,
    userAgent: null,
    device: null,
    amr: [],
    claims: {},
    metadata: {},
    endedAt: null,
    userBannedUntil: null,
    impersonatorId: null,
    onlyFor: null,
    isSuperseded: false,
    user: {
      kind: 'person',
      id: userId,
      email: '',
      emailVerified: true,
      name: null,
      roles: [],
      createdAt: now,
      revision: version,
      fields: {},
    },
  };
}
