import { type BeforeApplicationShutdown, Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { apiKeyOptions } from './api-key-options.js';
import { ApiKeyUsageEntity } from './api-key-usage.entity.js';

/** How often a key was used on one day. */
export type DayOfUsage = Pick<ApiKeyUsageEntity, 'day' | 'requests' | 'refused'>;

interface Tally {
  readonly keyId: string;
  /** Since 1970, in UTC. */
  readonly day: number;
  requests: number;
  refused: number;
  lastUsedAt: Date;
}

const DAY_MILLISECONDS = 86_400_000;
/** Per statement. */
const BATCH = 1_000;
/** While the database is out of reach; beyond, usage is lost. */
const WAITING = 100_000;

/** Writes when and how often keys are used, behind the requests, many keys at a time. For people to see: nothing is refused by it. */
@Injectable()
export class ApiKeyUsage implements BeforeApplicationShutdown {
  private readonly logger = new Logger('api-key');
  private readonly gatheringMilliseconds: number;
  /** By key: nearly all of a key's uses are of one day. */
  private current = new Map<string, Tally>();
  private waiting: Tally[] = [];
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    options: Options,
  ) {
    this.gatheringMilliseconds = options.of(apiKeyOptions).apiKeyUsageSeconds * 1000;
  }

  record(keyId: string, now: Date): void {
    const tally = this.tallyOf(keyId, now);
    tally.requests += 1;
    tally.lastUsedAt = now;
  }

  /** Of a request that was recorded. */
  recordRefusal(keyId: string, now: Date): void {
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

  /** Writes all that waits. Never rejects: what could not be written waits for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  private tallyOf(keyId: string, now: Date): Tally {
    const day = Math.floor(now.getTime() / DAY_MILLISECONDS);
    const known = this.current.get(keyId);
    if (known?.day === day) return known;
    if (known) this.waiting.push(known);
    const tally = { keyId, day, requests: 0, refused: 0, lastUsedAt: now };
    if (this.current.size + this.waiting.length < WAITING) this.current.set(keyId, tally);
    this.timer ??= setTimeout(() => void this.flush(), this.gatheringMilliseconds).unref();
    return tally;
  }

  private async write(): Promise<void> {
    this.waiting.push(...this.current.values());
    this.current = new Map();
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH);
      try {
        await this.writeBatch(batch);
      } catch (error) {
        this.logger.warn(`the usage of keys is not written yet: ${(error as Error).message}`);
        this.timer ??= setTimeout(() => void this.flush(), this.gatheringMilliseconds).unref();
        return;
      }
      this.waiting = this.waiting.slice(batch.length);
    }
  }

  /** Keys are locked in one order, or two nodes could wait for each other; those that are gone are left out. */
  private writeBatch(batch: readonly Tally[]): Promise<unknown> {
    return this.dataSource.query(
      `WITH used AS (
         SELECT * FROM unnest($1::uuid[], $2::date[], $3::integer[], $4::integer[], $5::timestamptz[])
           AS u (key_id, day, requests, refused, last_used_at)),
       locked AS MATERIALIZED (
         SELECT id FROM api_keys WHERE id IN (SELECT key_id FROM used) ORDER BY id FOR NO KEY UPDATE),
       seen AS (
         UPDATE api_keys k SET last_used_at = greatest(k.last_used_at, latest.at)
           FROM (SELECT key_id, max(last_used_at) AS at FROM used WHERE requests > 0 GROUP BY key_id) latest, locked
          WHERE k.id = latest.key_id AND k.id = locked.id)
       INSERT INTO api_key_usage AS kept (key_id, day, requests, refused)
       SELECT key_id, day, sum(requests), sum(refused) FROM used JOIN locked ON locked.id = key_id GROUP BY key_id, day
       ON CONFLICT (key_id, day) DO UPDATE
         SET requests = kept.requests + excluded.requests, refused = kept.refused + excluded.refused`,
      [
        batch.map(({ keyId }) => keyId),
        batch.map(({ day }) => new Date(day * DAY_MILLISECONDS).toISOString().slice(0, 10)),
        batch.map(({ requests }) => requests),
        batch.map(({ refused }) => refused),
        batch.map(({ lastUsedAt }) => lastUsedAt),
      ],
    );
  }
}
