import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { hashSecret, mintSecretToken, type SecretToken } from '../../kernel/secret-token.js';
import { RegistrationEntity } from './registration.entity.js';

/** A registration as it is kept. */
export type NewRegistration = Pick<RegistrationEntity, 'id' | 'email' | 'name' | 'fields' | 'expiresAt'> & {
  readonly passwordHash: string;
};

/** A registration whose link was followed, and used up. */
export interface FollowedRegistration extends Pick<RegistrationEntity, 'name' | 'fields' | 'passwordHash'> {
  /** Whether others were pending meanwhile with another password: then there is no telling whose the mailbox is. */
  readonly isContested: boolean;
}

/** A link just made. */
export interface RegistrationLink extends Pick<RegistrationEntity, 'email' | 'createdAt' | 'expiresAt'> {
  readonly token: string;
}

/** The columns that a settled registration no longer holds. */
const EMPTIED = { passwordHash: null, name: null, fields: null };

const PENDING = 'proven_at IS NULL AND expires_at > $2';

/** The table `registrations`. */
@Injectable()
export class Registrations {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** The same statement whether it `keeps` the registration or not, so that its time does not tell. */
  async add(registration: NewRegistration, keeps: boolean, within: EntityManager): Promise<void> {
    const { id, email, name, fields, passwordHash, expiresAt } = registration;
    await within.query(
      `INSERT INTO coatcheck.registrations (id, email, name, password_hash, created_at, expires_at, fields)
       SELECT $1::uuid, $2::text, $3::text, $4::text, $5::timestamptz, $6::timestamptz, $8::jsonb WHERE $7::boolean`,
      [id, email, name, passwordHash, this.clock.now(), expiresAt, keeps, fields && JSON.stringify(fields)],
    );
  }

  /**
   * A new link for a registration that is pending, in one statement; it ends the older one. Null when it is not pending.
   *
   * @param isAgain it was requested by a person who need not have made this registration
   */
  async renewLink(id: string, isAgain: boolean): Promise<RegistrationLink | null> {
    const { token, secretHash } = mintSecretToken(id);
    const [rows] = await this.dataSource.query(
      `UPDATE coatcheck.registrations SET link_hash = $3, sent_again_at = CASE WHEN $4 THEN $2 ELSE sent_again_at END
        WHERE id = $1 AND ${PENDING}
       RETURNING email, created_at AS "createdAt", expires_at AS "expiresAt"`,
      [id, this.clock.now(), secretHash, isAgain],
    );
    return rows[0] ? { ...rows[0], token } : null;
  }

  /** The id of the one that was last made for the address and is pending. */
  async latestOf(email: string): Promise<string | null> {
    const [row] = await this.dataSource.query(
      `SELECT id FROM coatcheck.registrations WHERE email = $1 AND ${PENDING} ORDER BY created_at DESC, id LIMIT 1`,
      [email, this.clock.now()],
    );
    return row?.id ?? null;
  }

  /** The address that a link was mailed to; null when there is no such link. Uses nothing up. */
  async addressOf({ id, secret }: SecretToken): Promise<string | null> {
    const [row] = await this.dataSource.query(
      'SELECT email FROM coatcheck.registrations WHERE id = $1 AND link_hash = $2 AND expires_at > $3',
      [id, hashSecret(secret), this.clock.now()],
    );
    return row?.email ?? null;
  }

  /**
   * Uses up a link and with it all registrations of the address. Those of the same password keep theirs, which have nothing left to do:
   * a user who sent one form twice may follow both.
   *
   * @returns null when another link of that form was followed before
   * @throws AuthError `invalid_token` when the link was used up meanwhile, or another registration's was
   */
  async consume({ id, secret }: SecretToken, email: string, tx: EntityManager): Promise<FollowedRegistration | null> {
    // Of two links followed at once, each would use up the other's.
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`registrations:${email}`]);
    const [used] = await tx.query(
      `DELETE FROM coatcheck.registrations WHERE id = $1 AND link_hash = $2 AND expires_at > $3
       RETURNING name, fields, password_hash AS "passwordHash", created_at AS "createdAt", proven_at AS "provenAt",
                 sent_again_at AS "sentAgainAt"`,
      [id, hashSecret(secret), this.clock.now()],
    );
    const own: RegistrationEntity | undefined = used[0];
    if (!own) throw new AuthError('invalid_token', { reason: 'token_unknown_or_spent' });
    if (own.provenAt) return null;
    const others = await tx.findBy(RegistrationEntity, { email });
    const isContested = others.some((other) => isRival(other, own));
    await this.settleOthers(email, isContested, tx);
    return { name: own.name, fields: own.fields, passwordHash: own.passwordHash, isContested };
  }

  private async settleOthers(email: string, isContested: boolean, tx: EntityManager): Promise<void> {
    if (isContested) await tx.delete(RegistrationEntity, { email });
    else await tx.update(RegistrationEntity, { email }, { ...EMPTIED, provenAt: this.clock.now() });
  }
}

/**
 * Whether `own` could be taken for `other`. Of those that were pending together either could. So could one that had run out before, if the
 * link was asked for again: the one who asked may have meant that one, and got the only one there was.
 */
function isRival(other: RegistrationEntity, own: RegistrationEntity): boolean {
  if (other.provenAt !== null || other.passwordHash === own.passwordHash) return false;
  return own.sentAgainAt !== null || other.expiresAt > own.createdAt;
}
