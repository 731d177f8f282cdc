import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';
import { SessionService } from '../sessions/session.service.js';
import { SessionStore } from '../sessions/session.store.js';
import { EffectiveSecurityTable } from './effective-security-table.js';
import { HOLDINGS, type Holding } from './holding.js';
import type { SecurityEventName } from './security-table.js';

/** No more are counted, so that counting does not depend on how many there are. */
const MOST = 50_000;

/** How many of one kind would end. */
export interface HeldCount {
  /** `sessions`, or the name of a holding. */
  readonly name: string;
  readonly count: number;
  /** Whether there are more, which were not counted. */
  readonly isCut: boolean;
}

/** Counts what an event would end, of what a person would count. */
@Injectable()
export class HeldCounts {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(HOLDINGS) private readonly holdings: readonly Holding[],
    private readonly table: EffectiveSecurityTable,
    private readonly sessions: SessionService,
    private readonly store: SessionStore,
    private readonly clock: Clock,
  ) {}

  /** Counts everything that the event would end. @param userId null: of all users */
  async endedBy(event: SecurityEventName, userId: string | null): Promise<HeldCount[]> {
    const row = this.table.rowOf(event);
    const of = { userId, at: this.clock.now(), most: MOST + 1 };
    const counts = new Map<string, number | null>();
    if (row.sessions === 'all') counts.set('sessions', await this.sessionsOf(userId));
    for (const holding of this.holdings.filter(({ column }) => row[column] === 'all'))
      counts.set(holding.name, await holding.countHeld(of, this.dataSource.manager));
    return [...counts].flatMap(([name, count]) =>
      count === null ? [] : [{ name, count: Math.min(count, MOST), isCut: count > MOST }],
    );
  }

  private async sessionsOf(userId: string | null): Promise<number | null> {
    if (userId !== null) return this.sessions.countOf(userId, MOST + 1);
    return this.store.countLiveOfAll(this.clock.now(), MOST + 1);
  }
}
