import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { TotpEntity } from './totp.entity.js';

/** Secrets of authenticator apps, in their boxes. Every method is one statement. */
@Injectable()
export class TotpSecrets {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  find(userId: string, within?: EntityManager): Promise<TotpEntity | null> {
    return (within ?? this.dataSource.manager).findOneBy(TotpEntity, { userId });
  }

  /** One that waits for its first code, in the place of any other that does. */
  async setPending(userId: string, pendingSecret: string, lifeSeconds: number): Promise<void> {
    await this.dataSource.query(
      `INSERT INTO coatcheck.totp_secrets (user_id, last_step, pending_secret, pending_until) VALUES ($1, 0, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET pending_secret = $2, pending_until = $3`,
      [userId, pendingSecret, this.clock.in(lifeSeconds)],
    );
  }

  /** One that its user has proven in another system. For a user who has none. */
  async insertProven(userId: string, secret: string, within: EntityManager): Promise<void> {
    await within.insert(TotpEntity, { userId, secret, confirmedAt: this.clock.now(), lastStep: 0 });
  }

  /** The pending one is the only one from now on, and the step that proved it is used. False unless it still is the pending one. */
  async confirm(userId: string, pendingSecret: string, step: number, within: EntityManager): Promise<boolean> {
    const now = this.clock.now();
    const confirmed = {
      secret: pendingSecret,
      confirmedAt: now,
      lastUsedAt: now,
      pendingSecret: null,
      pendingUntil: null,
    };
    const { affected } = await within.update(TotpEntity, { userId, pendingSecret }, { ...confirmed, lastStep: step });
    return affected === 1;
  }

  /**
   * Uses a step up, and all before it: of any number of uses at once, on whatever node, exactly one receives true. False for a step
   * that is used or older than a used one, and when the secret is no more.
   *
   * @param renewed the same secret in a newer box, if there is one
   */
  async spend(userId: string, secret: string, step: number, renewed: string | null): Promise<boolean> {
    const [, affected] = await this.dataSource.query(
      `UPDATE coatcheck.totp_secrets SET last_step = $3, last_used_at = $4, secret = coalesce($5, secret)
        WHERE user_id = $1 AND secret = $2 AND last_step < $3`,
      [userId, secret, step, this.clock.now(), renewed],
    );
    return affected === 1;
  }

  /** All there are, by user, a part at a time: those after `after`, `limit` at most. */
  part(after: string | null, limit: number): Promise<Pick<TotpEntity, 'userId' | 'secret' | 'pendingSecret'>[]> {
    return this.dataSource.query(
      `SELECT user_id AS "userId", secret, pending_secret AS "pendingSecret" FROM coatcheck.totp_secrets
        WHERE $1::uuid IS NULL OR user_id > $1 ORDER BY user_id LIMIT $2`,
      [after, limit],
    );
  }

  async delete(userId: string, within: EntityManager): Promise<void> {
    await within.delete(TotpEntity, { userId });
  }
}
