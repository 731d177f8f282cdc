import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, MoreThan } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { hashSecret, mintSecretToken, parseSecretToken } from '../kernel/secret-token.js';
import { MailedTokenEntity } from './mailed-token.entity.js';
import { SecurityChangeHooks } from './security-change.hooks.js';

/** Purpose of the tokens that verify an address. */
export const EMAIL_VERIFICATION = 'email-verification';

/** What a token is to be good for. */
export interface TokenOrder {
  /** One word, at most 32 characters; a token opens nothing else. */
  readonly purpose: string;
  /** Whom it is mailed to, at `email`. */
  readonly user: { readonly id: string; readonly email: string };
  readonly lifetimeSeconds: number;
  /** What the token stands for, when it is mailed again and again; absent: itself. */
  readonly originId?: string;
}

/** A token just made. */
export interface IssuedToken {
  readonly id: string;
  /** What goes into the mail, and nowhere else: `<id>.<secret>`. */
  readonly token: string;
}

/** A token just used up. */
export type ConsumedToken = Readonly<Pick<MailedTokenEntity, 'id' | 'originId' | 'userId' | 'email'>>;

/** Single-use secrets that prove who reads a mailbox. Of each only the hash is stored. */
@Injectable()
export class MailedTokens {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly clock: Clock,
    hooks: SecurityChangeHooks,
  ) {
    hooks.on('user_deleted', ({ userId }, manager) => manager.delete(MailedTokenEntity, { userId }));
  }

  async issue({ purpose, user, lifetimeSeconds, originId }: TokenOrder, within?: EntityManager): Promise<IssuedToken> {
    const { id, token, secretHash } = mintSecretToken();
    await this.manager(within).insert(MailedTokenEntity, {
      id,
      purpose,
      userId: user.id,
      originId: originId ?? id,
      email: user.email,
      secretHash,
      createdAt: this.clock.now(),
      expiresAt: this.clock.in(lifetimeSeconds),
    });
    return { id, token };
  }

  /**
   * Uses a token up, in one statement: of any number of concurrent calls exactly one returns. Whether its user still has the
   * address it was mailed to has *not* been checked.
   *
   * @throws AuthError `invalid_token`: malformed, unknown, used, expired or for another purpose
   */
  async consume(token: unknown, purpose: string, within?: EntityManager): Promise<ConsumedToken> {
    const parsed = parseSecretToken(token);
    if (!parsed) throw new AuthError('invalid_token', { reason: 'token_malformed' });
    const now = this.clock.now();
    const { raw } = await this.manager(within)
      .createQueryBuilder()
      .update(MailedTokenEntity)
      .set({ consumedAt: now })
      .where({
        id: parsed.id,
        // Looked up by its hash: what the time of a comparison tells is worth nothing.
        secretHash: hashSecret(parsed.secret),
        purpose,
        consumedAt: IsNull(),
        expiresAt: MoreThan(now),
      })
      .returning(['originId', 'userId', 'email'])
      .execute();
    const [row] = raw as { origin_id: string; user_id: string; email: string }[];
    if (!row) throw new AuthError('invalid_token', { reason: 'token_unknown_or_spent' });
    return { id: parsed.id, originId: row.origin_id, userId: row.user_id, email: row.email };
  }

  /**
   * Whether a token could be used now, without using it: to refuse what else is wrong with a request before the token is spent.
   *
   * @throws AuthError `invalid_token`
   */
  async peek(token: unknown, purpose: string): Promise<ConsumedToken> {
    const parsed = parseSecretToken(token);
    if (!parsed) throw new AuthError('invalid_token', { reason: 'token_malformed' });
    const row = await this.dataSource.manager.findOneBy(MailedTokenEntity, {
      id: parsed.id,
      secretHash: hashSecret(parsed.secret),
      purpose,
      consumedAt: IsNull(),
      expiresAt: MoreThan(this.clock.now()),
    });
    if (!row) throw new AuthError('invalid_token', { reason: 'token_unknown_or_spent' });
    const { id, originId, userId, email } = row;
    return { id, originId, userId, email };
  }

  /**
   * A token that kills those of the same purpose before it: of several links only the newest works.
   *
   * @param record tells the audit, in the same transaction
   */
  async issueOnly(order: TokenOrder, record?: (within: EntityManager) => Promise<void>): Promise<IssuedToken> {
    return this.dataSource.transaction(async (manager) => {
      await record?.(manager);
      // Of two at once neither would see the other's, and both links would be good.
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `mailed_tokens:${order.purpose}:${order.user.id}`,
      ]);
      await this.consumeAll(order.user.id, order.purpose, manager);
      return this.issue(order, manager);
    });
  }

  /** Uses up all that is pending of this purpose, unread. */
  async consumeAll(userId: string, purpose: string, within: EntityManager): Promise<void> {
    // One that is being used in another transaction is left to it: waiting for each other would be a deadlock.
    await within.query(
      `UPDATE mailed_tokens SET consumed_at = $3 WHERE id IN (
         SELECT id FROM mailed_tokens
          WHERE user_id = $1 AND purpose = $2 AND consumed_at IS NULL
            FOR UPDATE SKIP LOCKED)`,
      [userId, purpose, this.clock.now()],
    );
  }

  /** Uses up, unread, what was mailed for the same before: a newer link kills the older. */
  async consumeOrigin(
    { userId, originId, purpose }: Pick<MailedTokenEntity, 'userId' | 'originId' | 'purpose'>,
    within: EntityManager,
  ): Promise<void> {
    // The user's id says nothing new, but there is an index of it.
    const pending = { userId, originId, purpose, consumedAt: IsNull() };
    await within.update(MailedTokenEntity, pending, { consumedAt: this.clock.now() });
  }

  private manager(within: EntityManager | undefined): EntityManager {
    return within ?? this.dataSource.manager;
  }
}
