import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuditSink } from '../../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { hashSecret, mintSecretToken, parseSecretToken } from '../../kernel/secret-token.js';
import { audited } from '../../security/actor.js';
import { ActorsInForce } from '../../security/actors-in-force.js';
import { isAdmin } from '../../security/admin-alerts.js';
import { isBanned, UserStore } from '../../users/user.store.js';
import type { ClientActor } from './client-actor.js';
import { RegistrationTokenEntity } from './registration-token.entity.js';

/** A token to be made. */
export interface NewRegistrationToken {
  readonly expiresInSeconds: number;
  /** How many clients it lets register. */
  readonly uses: number;
}

/** The part of a token that is shown. */
export type ShownRegistrationToken = Omit<RegistrationTokenEntity, 'tokenHash' | 'epoch'>;

const COLUMNS = `id, uses_left AS "usesLeft", created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt"`;
/** One that is good. `$1`: now. */
const IS_GOOD = 'uses_left > 0 AND expires_at > $1 AND epoch = (SELECT epoch FROM coatcheck.global_session_epoch)';

/** Initial access tokens (RFC 7591 §3): each lets so many clients register, in some time. */
@Injectable()
export class RegistrationTokens {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly actors: ActorsInForce,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /** @returns the token itself too, which cannot be shown again */
  async make(
    { expiresInSeconds, uses }: NewRegistrationToken,
    by: ClientActor & { readonly actorId: string },
  ): Promise<{ readonly token: string; readonly made: ShownRegistrationToken }> {
    const now = this.clock.now();
    const { token, id, secretHash } = mintSecretToken(uuidv7({ msecs: now.getTime() }));
    const made = await this.dataSource.transaction(async (tx) => {
      await this.actors.assert(by, tx);
      const [row] = await tx.query<ShownRegistrationToken[]>(
        `INSERT INTO coatcheck.oauth_registration_tokens (id, token_hash, uses_left, created_by, created_at, expires_at, epoch)
         SELECT $1, $2, $3, $4, $5, $6, epoch FROM coatcheck.global_session_epoch RETURNING ${COLUMNS}`,
        [id, secretHash, uses, by.actorId, now, this.clock.in(expiresInSeconds)],
      );
      const event = { type: 'oauth.registration_token.created' as const, tokenId: id, uses, userId: null };
      await this.audit.record({ ...event, ...audited(by) }, tx);
      return row!;
    });
    return { token, made };
  }

  /** Those that are good, the latest first. @param before only those made before the one of this id */
  list(before: string | undefined, limit: number): Promise<ShownRegistrationToken[]> {
    const older = before === undefined ? '' : 'AND id < $3';
    const values = [this.clock.now(), limit, ...(before === undefined ? [] : [before])];
    return this.dataSource.query(
      `SELECT ${COLUMNS} FROM coatcheck.oauth_registration_tokens WHERE ${IS_GOOD} ${older} ORDER BY id DESC LIMIT $2`,
      values,
    );
  }

  /** No client registers by it any more. @throws AuthError `not_found` */
  async remove(id: string, by: ClientActor): Promise<void> {
    await this.dataSource.transaction(async (tx) => {
      await this.actors.assert(by, tx);
      const { affected } = await tx.delete(RegistrationTokenEntity, { id });
      if (!affected) throw new AuthError('not_found', { reason: 'no_such_registration_token' });
      const event = { type: 'oauth.registration_token.deleted' as const, tokenId: id, userId: null };
      await this.audit.record({ ...event, ...audited(by) }, tx);
    });
  }

  /**
   * Uses one up, in one statement: of more at once than it has uses, exactly so many get one.
   *
   * @param tx the transaction of the registration: what fails there uses nothing up
   * @returns the id of the token; null unless it is good, and who made it is still an admin
   */
  async take(token: string, tx: EntityManager): Promise<string | null> {
    const parts = parseSecretToken(token);
    if (!parts) return null;
    const [rows] = await tx.query<[{ id: string; createdBy: string }[]]>(
      `UPDATE coatcheck.oauth_registration_tokens SET uses_left = uses_left - 1
        WHERE ${IS_GOOD} AND id = $2 AND token_hash = $3 RETURNING id, created_by AS "createdBy"`,
      [this.clock.now(), parts.id, hashSecret(parts.secret)],
    );
    const [taken] = rows;
    const maker = taken && (await this.users.find(taken.createdBy, tx));
    return maker && isAdmin(maker) && !isBanned(maker, this.clock.now()) ? taken.id : null;
  }
}
