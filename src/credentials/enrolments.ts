import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Batcher } from '../kernel/batcher.js';
import { Clock } from '../kernel/clock.js';
import { EnrolmentEntity } from './enrolment.entity.js';
import type { Factor } from './factor.js';

interface Row {
  readonly userId: string;
  readonly factors: readonly string[];
}

/**
 * Which factors users have enrolled through `EnrolmentService`. Copied from what the factors themselves say, in the transaction of each
 * change, so that a login needs one look-up; of many logins at once, one together.
 */
@Injectable()
export class Enrolments {
  private readonly batcher = new Batcher((ids: readonly string[]) => this.read(ids), { concurrency: 2 });

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Names of the factors; no older than the call. */
  of(userId: string): Promise<readonly string[]> {
    return this.batcher.load(userId);
  }

  /** Notes what `factor` says now. In the transaction that has changed it and has locked the user. */
  async note(userId: string, factor: Factor, within: EntityManager): Promise<void> {
    const hasAny = (await factor.enrolledBy(userId, within)).some(({ beginsOnly }) => !beginsOnly);
    if (!hasAny) await within.delete(EnrolmentEntity, { userId, factor: factor.name });
    else await this.insert({ userId, factor: factor.name, enrolledAt: this.clock.now() }, within);
  }

  /** Names of the factors, as of that transaction. */
  async within(manager: EntityManager, userId: string): Promise<string[]> {
    const rows = await manager.findBy(EnrolmentEntity, { userId });
    return rows.map(({ factor }) => factor);
  }

  private async insert(enrolment: EnrolmentEntity, within: EntityManager): Promise<void> {
    await within.createQueryBuilder().insert().into(EnrolmentEntity).values(enrolment).orIgnore().execute();
  }

  private async read(ids: readonly string[]): Promise<(readonly string[])[]> {
    const rows: Row[] = await this.dataSource.query(
      `SELECT user_id AS "userId", array_agg(factor) AS factors FROM coatcheck.enrolments WHERE user_id = ANY ($1::uuid[]) GROUP BY user_id`,
      [ids],
    );
    const found = new Map(rows.map(({ userId, factors }) => [userId, factors]));
    return ids.map((id) => found.get(id) ?? []);
  }
}
