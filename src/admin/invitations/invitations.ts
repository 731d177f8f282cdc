import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { Clock } from '../../kernel/clock.js';
import { hashSecret, mintSecretToken, type SecretToken } from '../../kernel/secret-token.js';
import { adminOptions } from '../admin-options.js';
import { InvitationEntity } from './invitation.entity.js';

/** An invitation to be made. */
export type NewInvitation = Pick<InvitationEntity, 'email' | 'name' | 'fields' | 'invitedBy'> & {
  readonly roles: readonly string[];
};

/** A link just made. */
export interface InvitationLink extends Pick<InvitationEntity, 'email' | 'expiresAt'> {
  readonly token: string;
}

/** One that is good. */
const IS_OPEN = 'expires_at > $2 AND epoch = (SELECT epoch FROM coatcheck.global_session_epoch)';
const COLUMNS = `id, email, name, roles, fields, link_hash AS "linkHash", invited_by AS "invitedBy", created_at AS "createdAt",
  expires_at AS "expiresAt", epoch`;

/** The table `invitations`. */
@Injectable()
export class Invitations {
  private readonly lifetimeSeconds: number;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.lifetimeSeconds = options.of(adminOptions).invitationSeconds;
  }

  /** Makes one, in the place of any other of that address. */
  async add(invitation: NewInvitation, tx: EntityManager): Promise<InvitationEntity> {
    const { email, name, roles, fields, invitedBy } = invitation;
    // Two at once would each find nothing to replace.
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`invitations:${email}`]);
    await tx.query('DELETE FROM coatcheck.invitations WHERE email = $1', [email]);
    const now = this.clock.now();
    const [made] = await tx.query<InvitationEntity[]>(
      `INSERT INTO coatcheck.invitations (id, email, name, roles, fields, invited_by, created_at, expires_at, epoch)
       SELECT $1, $2, $3, $4, $5, $6, $7, $8, epoch FROM coatcheck.global_session_epoch RETURNING ${COLUMNS}`,
      [
        uuidv7({ msecs: now.getTime() }),
        email,
        name,
        roles,
        fields && JSON.stringify(fields),
        invitedBy,
        now,
        this.clock.in(this.lifetimeSeconds),
      ],
    );
    return made!;
  }

  /** A new link for one that is open, in one statement; it ends the older one. Null when it is not. */
  async renewLink(id: string): Promise<InvitationLink | null> {
    const { token, secretHash } = mintSecretToken(id);
    const [rows] = await this.dataSource.query(
      `UPDATE coatcheck.invitations SET link_hash = $3 WHERE id = $1 AND ${IS_OPEN} RETURNING email, expires_at AS "expiresAt"`,
      [id, this.clock.now(), secretHash],
    );
    return rows[0] ? { ...rows[0], token } : null;
  }

  /** The open one that a link is of; null when there is none. Uses nothing up. */
  async find({ id, secret }: SecretToken): Promise<InvitationEntity | null> {
    const [found] = await this.dataSource.query<InvitationEntity[]>(
      `SELECT ${COLUMNS} FROM coatcheck.invitations WHERE id = $1 AND ${IS_OPEN} AND link_hash = $3`,
      [id, this.clock.now(), hashSecret(secret)],
    );
    return found ?? null;
  }

  /** Uses a link up, in one statement: of any number of uses at once exactly one gets the invitation, the others null. */
  async consume({ id, secret }: SecretToken, tx: EntityManager): Promise<InvitationEntity | null> {
    const [rows] = await tx.query<[InvitationEntity[]]>(
      `DELETE FROM coatcheck.invitations WHERE id = $1 AND ${IS_OPEN} AND link_hash = $3 RETURNING ${COLUMNS}`,
      [id, this.clock.now(), hashSecret(secret)],
    );
    return rows[0] ?? null;
  }

  /** Those that are open, the latest first. @param before the id that the page before ended with */
  list(before: string | null, limit: number): Promise<InvitationEntity[]> {
    return this.dataSource.query<InvitationEntity[]>(
      `SELECT ${COLUMNS} FROM coatcheck.invitations WHERE ($1::uuid IS NULL OR id < $1) AND ${IS_OPEN} ORDER BY id DESC LIMIT $3`,
      [before, this.clock.now(), limit],
    );
  }

  /** @returns what was withdrawn; null when there is no such invitation any more */
  async delete(id: string, tx: EntityManager): Promise<InvitationEntity | null> {
    const [rows] = await tx.query<[InvitationEntity[]]>(
      `DELETE FROM coatcheck.invitations WHERE id = $1 RETURNING ${COLUMNS}`,
      [id],
    );
    return rows[0] ?? null;
  }
}
