import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { WriteBehind } from '../../kernel/write-behind.js';
import { apiKeyOptions } from './api-key-options.js';
import { ApiKeyUsageEntity } from './api-key-usage.entity.js';

/** How often a key was used on one day. */
export type DayOfUsage = Pick<ApiKeyUsageEntity, 'day' | 'requests' | 'refused'>;

/** Of one key, on one day. */
interface Tally {
  /** Since 1970, in UTC. */
  readonly day: number;
  requests: number;
  refused: number;
  /** Milliseconds since 1970. */
  lastUsedAt: number;
}

const DAY_MILLISECONDS = 86_400_000;

/** Writes when and how often keys are used, behind the requests, many keys at a time. For people to see: nothing is refused by it. */
@Injectable()
export class ApiKeyUsage implements BeforeApplicationShutdown {
  /** By key, of one day after the other: nearly always of one. */
  private readonly tallies: WriteBehind<string, Tally[]>;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    options: Options,
  ) {
    const logger = new Logger('api-key');
    this.tallies = new WriteBehind({
      write: (batch) => this.write(batch),
      onFailure: ({ message }) => logger.warn(`the usage of API keys could not be stored yet: ${message}`),
      delayMilliseconds: options.of(apiKeyOptions).apiKeyUsageSeconds * 1000,
      merge: together,
    });
  }

  /** @param now milliseconds since 1970 */
  record(keyId: string, now: number): void {
    const tally = this.tallyOf(keyId, now);
    tally.requests += 1;
    tally.lastUsedAt = now;
  }

  /** Of a request that was recorded. @param now milliseconds since 1970 */
  recordRefusal(keyId: string, now: number): void {
    this.tallyOf(keyId, now).refused += 1;
  }

  /** The last `days` days on which it was used, the latest first. What other nodes have not written yet is missing. */
  async of(keyId: string, days: number): Promise<DayOfUsage[]> {
    await this.flush();
    const found = await this.dataSource.manager.find(ApiKeyUsageEntity, {
      where: { keyId },
      order: { day: 'DESC' },
      take: days,
    });
    return found.map(({ day, requests, refused }) => ({ day, requests, refused }));
  }

  flush(): Promise<void> {
    return this.tallies.flush();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.tallies.end();
  }

  private tallyOf(keyId: string, now: number): Tally {
    const day = Math.floor(now / DAY_MILLISECONDS);
    const known = this.tallies.pending(keyId);
    const latest = known?.[known.length - 1];
    if (latest?.day === day) return latest;
    const tally = { day, requests: 0, refused: 0, lastUsedAt: now };
    if (known) known.push(tally);
    else this.tallies.set(keyId, [tally]);
    return tally;
  }

  /** Keys are locked in one order, or two nodes could wait for each other; those that are gone are left out. */
  private write(batch: ReadonlyMap<string, readonly Tally[]>): Promise<unknown> {
    const used = [...batch].flatMap(([keyId, tallies]) => tallies.map((tally) => ({ keyId, ...tally })));
    return this.dataSource.query(
      `WITH used AS (
         SELECT * FROM unnest($1::uuid[], $2::date[], $3::integer[], $4::integer[], $5::timestamptz[])
           AS u (key_id, day, requests, refused, last_used_at)),
       locked AS MATERIALIZED (
         SELECT id FROM coatcheck.api_keys WHERE id IN (SELECT key_id FROM used) ORDER BY id FOR NO KEY UPDATE),
       seen AS (
         UPDATE coatcheck.api_keys k SET last_used_at = greatest(k.last_used_at, latest.at)
           FROM (SELECT key_id, max(last_used_at) AS at FROM used WHERE requests > 0 GROUP BY key_id) latest, locked
          WHERE k.id = latest.key_id AND k.id = locked.id)
       INSERT INTO coatcheck.api_key_usage AS kept (key_id, day, requests, refused)
       SELECT key_id, day, sum(requests), sum(refused) FROM used JOIN locked ON locked.id = key_id GROUP BY key_id, day
       ON CONFLICT (key_id, day) DO UPDATE
         SET requests = kept.requests + excluded.requests, refused = kept.refused + excluded.refused`,
      [
        used.map(({ keyId }) => keyId),
        used.map(({ day }) => new Date(day * DAY_MILLISECONDS).toISOString().slice(0, 10)),
        used.map(({ requests }) => requests),
        used.map(({ refused }) => refused),
        used.map(({ lastUsedAt }) => new Date(lastUsedAt)),
      ],
    );
  }
}

function together(earlier: Tally[], later: Tally[]): Tally[] {
  const [first, ...rest] = later;
  const last = earlier.at(-1)!;
  if (first?.day !== last.day) return [...earlier, ...later];
  const { requests, refused, lastUsedAt } = first;
  const both = { day: last.day, requests: last.requests + requests, refused: last.refused + refused, lastUsedAt };
  return [...earlier.slice(0, -1), both, ...rest];
}
