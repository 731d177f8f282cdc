import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import type { LoginMailEntity } from './login-mail.entity.js';

/** Codes that may be tried of one request, right or wrong. The link of the same mail does not depend on them. */
export const MOST_CODES = 5;

/** As long as a change of address can be taken back, and a day more. */
const PROOF_KEPT_SECONDS = 8 * 86_400;

/** A mail that was sent and is good still. */
export type GoodLoginMail = Readonly<Pick<LoginMailEntity, 'id' | 'email' | 'userId'>>;

/** A try that was counted. */
export interface CountedTry extends GoodLoginMail {
  /** Whether anything was mailed: otherwise no code is right. */
  readonly isMailed: boolean;
}

/** $1 id, $2 now: neither used nor ended nor expired, nor of a global session epoch that is over. */
const GOOD = `id = $1 AND consumed_at IS NULL AND expires_at > $2 AND epoch = (SELECT epoch FROM coatcheck.global_session_epoch)`;

/** The table `login_mails`. */
@Injectable()
export class LoginMails {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** Notes a request; the one that the same client made before ends, if `replaces` names it. The same work whether or not the address has a user. */
  async add(
    { id, email, expiresAt }: Pick<LoginMailEntity, 'id' | 'email' | 'expiresAt'>,
    replaces: string | null,
    within: EntityManager,
  ): Promise<void> {
    await within.query(
      `WITH replaced AS (UPDATE coatcheck.login_mails SET consumed_at = $3 WHERE id = $5::uuid AND consumed_at IS NULL)
       INSERT INTO coatcheck.login_mails (id, email, created_at, expires_at, epoch)
       SELECT $1::uuid, $2::text, $3::timestamptz, $4::timestamptz, epoch FROM coatcheck.global_session_epoch`,
      [id, email, this.clock.now(), expiresAt, replaces],
    );
  }

  /**
   * Notes that the mail is being written, for this user, whom the transaction has locked. Again for a mail that is tried again.
   *
   * @param userId null: the address has no user, and using what is mailed creates one
   * @returns seconds that it is good for, and whether this is the first try; null when it is good no more
   */
  async markMailed(
    id: string,
    userId: string | null,
    within: EntityManager,
  ): Promise<{ validSeconds: number; isFirst: boolean } | null> {
    const now = this.clock.now();
    const [rows]: [{ expiresAt: Date; mailedAt: Date }[]] = await within.query(
      `UPDATE coatcheck.login_mails SET user_id = $3, mailed_at = coalesce(mailed_at, $2)
        WHERE ${GOOD} AND (mailed_at IS NULL OR user_id IS NOT DISTINCT FROM $3::uuid)
       RETURNING expires_at AS "expiresAt", mailed_at AS "mailedAt"`,
      [id, now, userId],
    );
    const row = rows[0];
    if (!row) return null;
    const validSeconds = Math.floor((row.expiresAt.getTime() - now.getTime()) / 1000);
    return { validSeconds, isFirst: row.mailedAt.getTime() === now.getTime() };
  }

  /** Counts a code that is being tried, in one statement, before it is known whether it is right. Null after too many, or for a request that is over. */
  async countTry(id: string): Promise<CountedTry | null> {
    const [rows]: [CountedTry[]] = await this.dataSource.query(
      `UPDATE coatcheck.login_mails SET attempts = attempts + 1 WHERE ${GOOD} AND attempts < $3
       RETURNING id, email, user_id AS "userId", mailed_at IS NOT NULL AS "isMailed"`,
      [id, this.clock.now(), MOST_CODES],
    );
    return rows[0] ?? null;
  }

  /** What was mailed and can be used. Nothing is used up. */
  async findGood(id: string): Promise<GoodLoginMail | null> {
    const [row]: GoodLoginMail[] = await this.dataSource.query(
      `SELECT id, email, user_id AS "userId" FROM coatcheck.login_mails WHERE ${GOOD} AND mailed_at IS NOT NULL`,
      [id, this.clock.now()],
    );
    return row ?? null;
  }

  /** Uses it up, in one statement: of any number of concurrent calls exactly one answers true. `within` has locked its user, if it has one. */
  async consume(id: string, within: EntityManager, isProof = false): Promise<boolean> {
    const [, used] = await within.query(
      `UPDATE coatcheck.login_mails SET consumed_at = $2, proved_at = CASE WHEN $3::boolean THEN $2 END,
              expires_at = CASE WHEN $3::boolean THEN $4 ELSE expires_at END
        WHERE ${GOOD} AND mailed_at IS NOT NULL`,
      [id, this.clock.now(), isProof, this.clock.in(PROOF_KEPT_SECONDS)],
    );
    return used === 1;
  }

  /** Ends every other one of the user. In a transaction that has locked the user. */
  async endAllOf(userId: string, within: EntityManager): Promise<void> {
    await within.query('UPDATE coatcheck.login_mails SET consumed_at = $2 WHERE user_id = $1 AND consumed_at IS NULL', [
      userId,
      this.clock.now(),
    ]);
  }

  /** Whether a login by e-mail has proven the mailbox since the account moved to its address. */
  async haveProvenSinceMove(userId: string, email: string, within: EntityManager): Promise<boolean> {
    const [{ proven }]: [{ proven: boolean }] = await within.query(
      `SELECT EXISTS (
         SELECT FROM coatcheck.login_mails WHERE user_id = $1 AND email = $2 AND proved_at >= (
           SELECT max(made_at) FROM coatcheck.email_changes WHERE user_id = $1 AND new_email = $2)) AS proven`,
      [userId, email],
    );
    return proven;
  }

  /** Of one user, the newest first. */
  async listOf(
    userId: string,
  ): Promise<Pick<LoginMailEntity, 'createdAt' | 'mailedAt' | 'expiresAt' | 'consumedAt'>[]> {
    return this.dataSource.query(
      `SELECT created_at AS "createdAt", mailed_at AS "mailedAt", expires_at AS "expiresAt", consumed_at AS "consumedAt"
         FROM coatcheck.login_mails WHERE user_id = $1 ORDER BY created_at DESC LIMIT 500`,
      [userId],
    );
  }
}
