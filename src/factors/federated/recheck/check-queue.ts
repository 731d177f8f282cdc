import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { Clock } from '../../../kernel/clock.js';
import { SealedTokens } from './sealed-tokens.js';

/** A login elsewhere that this process, and no other, looks at. */
export interface ClaimedLogin {
  readonly id: string;
  readonly claimId: string;
  readonly connectionId: string;
  /** Null: it cannot be looked at again. */
  readonly tokenSealed: string | null;
  readonly checkedAt: Date;
  readonly failingSince: Date | null;
  /** Whether an answer was lost since the token was stored. */
  readonly wasLost: boolean;
  readonly expiresAt: Date | null;
  /** Why what rests on it is to end; null: that is not certain. */
  readonly endReason: string | null;
  readonly isLinked: boolean;
  readonly sessionIds: readonly string[];
}

/** The findings of a look. An absent field leaves its column as it is. */
export interface LookResult {
  readonly nextCheckAt: Date;
  /** As the provider gave it, if it did. */
  readonly token?: string | undefined;
  readonly checkedAt?: Date;
  readonly failingSince?: Date | null;
  readonly wasLost?: boolean;
  readonly expiresAt?: Date | null;
}

/** A process that died is succeeded after so long; longer than a provider is waited for. */
export const CLAIM_SECONDS = 60;
const CLAIM_END = `clock_timestamp() + ${CLAIM_SECONDS} * interval '1 second'`;

const READ_TOGETHER = 2_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** The logins elsewhere that are due for a look, shared by all nodes: each is looked at by one. */
@Injectable()
export class CheckQueue {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly tokens: SealedTokens,
    private readonly clock: Clock,
  ) {}

  /**
   * The login that has been due for longest; null when none is. Of one that was claimed before by a process that never said what it has found, the
   * answer counts as lost.
   *
   * @param except connections that are left out
   */
  async claim(except: readonly string[]): Promise<ClaimedLogin | null> {
    const claimId = randomUUID();
    const [[claimed]]: [Omit<ClaimedLogin, 'claimId'>[]] = await this.dataSource.query(
      `WITH due AS (
         SELECT id, claim_id IS NOT NULL AND token_sealed IS NOT NULL AS was_left FROM coatcheck.federated_logins
          WHERE next_check_at <= $1 AND (claimed_until IS NULL OR claimed_until <= clock_timestamp())
            AND connection_id <> ALL ($3::text[])
          ORDER BY next_check_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       UPDATE coatcheck.federated_logins AS login
          SET claim_id = $2, claimed_until = ${CLAIM_END}, was_lost = was_lost OR due.was_left,
              failing_since = CASE WHEN due.was_left THEN COALESCE(failing_since, $1) ELSE failing_since END
         FROM due WHERE login.id = due.id
       RETURNING login.id, connection_id AS "connectionId", token_sealed AS "tokenSealed", checked_at AS "checkedAt",
         failing_since AS "failingSince", was_lost AS "wasLost", expires_at AS "expiresAt", end_reason AS "endReason",
         EXISTS (SELECT FROM coatcheck.federated_identities WHERE id = login.identity_id) AS "isLinked",
         ARRAY (SELECT session_id FROM coatcheck.federated_sessions WHERE login_id = login.id) AS "sessionIds"`,
      [this.clock.now(), claimId, except],
    );
    return claimed ? { ...claimed, claimId } : null;
  }

  /** Keeps a claim for as long again. */
  async keep({ id, claimId }: ClaimedLogin): Promise<void> {
    await this.dataSource.query(
      `UPDATE coatcheck.federated_logins SET claimed_until = ${CLAIM_END} WHERE id = $1 AND claim_id = $2`,
      [id, claimId],
    );
  }

  /**
   * Stores what was found and gives the login back: a token that the provider has replaced, and that it has, in one statement. Nothing happens to
   * a login that another process has claimed meanwhile, or that has ended; but for the token, which is the provider's latest.
   */
  async finish({ id, claimId }: ClaimedLogin, found: LookResult): Promise<void> {
    const values: unknown[] = [id, claimId];
    const set = Object.entries(this.columnsOf(id, found)).map(
      ([column, value]) => `${column} = $${values.push(value)}`,
    );
    const [, count]: [unknown, number] = await this.dataSource.query(
      `UPDATE coatcheck.federated_logins SET claim_id = NULL, claimed_until = NULL, ${set.join(', ')}
        WHERE id = $1 AND claim_id = $2`,
      values,
    );
    if (count === 0 && found.token !== undefined) {
      await this.dataSource.query(
        'UPDATE coatcheck.federated_logins SET token_sealed = $2 WHERE id = $1 AND was_lost',
        [id, this.tokens.seal(found.token, id)],
      );
    }
  }

  /** Sessions that are over rest on nothing any more. */
  async forget(sessionIds: readonly string[]): Promise<void> {
    await this.dataSource.query('DELETE FROM coatcheck.federated_sessions WHERE session_id = ANY ($1::uuid[])', [
      sessionIds,
    ]);
  }

  /**
   * A login on which nothing rests, and on which nothing will.
   *
   * @returns false when a session rests on it that did not when it was claimed, or another process has claimed it meanwhile; nothing has
   *   changed then
   */
  remove({ id, claimId, sessionIds }: ClaimedLogin): Promise<boolean> {
    return this.dataSource.transaction(async (tx) => {
      // First: a session that takes another's place is noted under a lock of it, and has been by the second statement.
      await tx.query('SELECT FROM coatcheck.federated_logins WHERE id = $1 FOR UPDATE', [id]);
      const [, count]: [unknown, number] = await tx.query(
        `DELETE FROM coatcheck.federated_logins WHERE id = $1 AND claim_id = $2 AND NOT EXISTS (
           SELECT FROM coatcheck.federated_sessions WHERE login_id = $1 AND session_id <> ALL ($3::uuid[]))`,
        [id, claimId, sessionIds],
      );
      return count === 1;
    });
  }

  /**
   * Says for good that what rests on it ends.
   *
   * @returns false when another process has claimed it meanwhile, or it is gone
   */
  async mark({ id, claimId }: ClaimedLogin, reason: string): Promise<boolean> {
    const [, count]: [unknown, number] = await this.dataSource.query(
      `UPDATE coatcheck.federated_logins SET end_reason = COALESCE(end_reason, $3) WHERE id = $1 AND claim_id = $2`,
      [id, claimId, reason],
    );
    return count === 1;
  }

  /** How many hold a token that a former `SECRET_KEY` alone opens. A look that finds the login standing seals it anew. */
  async outdated(): Promise<number> {
    let count = 0;
    for (let after = FIRST; ; ) {
      const rows: { id: string; sealed: string }[] = await this.dataSource.query(
        `SELECT id, token_sealed AS sealed FROM coatcheck.federated_logins
          WHERE id > $1 AND token_sealed IS NOT NULL ORDER BY id LIMIT ${READ_TOGETHER}`,
        [after],
      );
      count += rows.filter(({ id, sealed }) => this.tokens.needsPreviousKey(sealed, id)).length;
      if (rows.length < READ_TOGETHER) return count;
      after = rows.at(-1)!.id;
    }
  }

  private columnsOf(id: string, { token, ...found }: LookResult): Record<string, unknown> {
    const columns: Record<string, unknown> = { next_check_at: found.nextCheckAt };
    if (token !== undefined) columns.token_sealed = this.tokens.seal(token, id);
    if (found.checkedAt !== undefined) columns.checked_at = found.checkedAt;
    if (found.failingSince !== undefined) columns.failing_since = found.failingSince;
    if (found.wasLost !== undefined) columns.was_lost = found.wasLost;
    if (found.expiresAt !== undefined) columns.expires_at = found.expiresAt;
    return columns;
  }
}
