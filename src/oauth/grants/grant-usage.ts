import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { WriteBehind } from '../../kernel/write-behind.js';

/** Worth one write an hour, not one a request. */
const HOUR_MILLISECONDS = 3_600_000;
const DELAY_MILLISECONDS = 1_000;

/** The part of a grant that {@link GrantUsage.record} needs. */
export interface UsedGrant {
  readonly id: string;
  readonly lastUsedAt: Date | null;
}

/** Writes when grants are used, behind the requests, many at a time. For people to see: nothing is refused by it. */
@Injectable()
export class GrantUsage implements BeforeApplicationShutdown {
  private readonly waiting: WriteBehind<string, Date>;
  /** Since when this node need not write a snapshot's use again. */
  private readonly noted = new WeakMap<UsedGrant, number>();

  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource) {
    const logger = new Logger('oauth');
    this.waiting = new WriteBehind({
      write: (batch) => this.write(batch),
      onFailure: ({ message }) => logger.warn(`the use of grants could not be stored yet: ${message}`),
      delayMilliseconds: DELAY_MILLISECONDS,
    });
  }

  /** @param now milliseconds since 1970 */
  record(grant: UsedGrant, now: number): void {
    const last = this.noted.get(grant) ?? grant.lastUsedAt?.getTime() ?? Number.NEGATIVE_INFINITY;
    if (now - last < HOUR_MILLISECONDS) return;
    this.noted.set(grant, now);
    this.waiting.set(grant.id, new Date(now));
  }

  flush(): Promise<void> {
    return this.waiting.flush();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.waiting.end();
  }

  /** Locked in one order, or two nodes could wait for each other. */
  private write(batch: ReadonlyMap<string, Date>): Promise<unknown> {
    return this.dataSource.query(
      `WITH used AS (SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS u (id, at)),
       locked AS MATERIALIZED (
         SELECT id FROM coatcheck.oauth_grants WHERE id IN (SELECT id FROM used) ORDER BY id FOR NO KEY UPDATE)
       UPDATE coatcheck.oauth_grants held SET last_used_at = greatest(held.last_used_at, used.at)
         FROM used JOIN locked ON locked.id = used.id WHERE held.id = used.id`,
      [[...batch.keys()], [...batch.values()]],
    );
  }
}
