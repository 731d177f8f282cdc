import { createHmac } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v4 as uuidv4 } from 'uuid';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { SecretKey } from '../kernel/secret-key.js';
import { hashSecret, mintSecretToken, parseSecretToken } from '../kernel/secret-token.js';
import { UserStore } from './user.store.js';

/** Purpose of the tokens that verify an address. */
export const EMAIL_VERIFICATION = 'email-verification';

/** Parameters of a new token. */
export interface IssueTokenParams {
  /** One word, at most 32 characters; a token serves no other purpose. */
  readonly purpose: string;
  /** The user it is mailed to, at `email`. */
  readonly user: { readonly id: string; readonly email: string };
  readonly lifetimeSeconds: number;
  /** The id of the thing it stands for, if that may be mailed several times; absent: itself. */
  readonly originId?: string;
  /** When its cause happened; default: now. The token counts as created then, and lives from now. */
  readonly since?: Date;
  /** Whether it outlives the end of all sessions of everyone. Default: no. */
  readonly outlivesGlobalEpoch?: boolean;
}

/** A token just created. */
export interface IssuedToken {
  readonly id: string;
  /** The token for the mail, and for nothing else: `<id>.<secret>`. */
  readonly token: string;
}

/** A token that can be used, or just was. */
export interface MailedToken {
  readonly id: string;
  readonly originId: string;
  readonly userId: string;
  /** Where it was mailed to. */
  readonly email: string;
  readonly createdAt: Date;
}

const PURPOSE = 'mailed-token';
const FOUND = `id, origin_id AS "originId", user_id AS "userId", email, created_at AS "createdAt"`;
/** $1 id, $2 purpose, $3 now: neither used nor expired, nor of a global session epoch that is over. */
const IS_GOOD = `id = $1 AND purpose = $2 AND consumed_at IS NULL AND expires_at > $3
   AND (epoch IS NULL OR epoch = (SELECT epoch FROM coatcheck.global_session_epoch))`;

/**
 * Single-use secrets that prove who reads a mailbox. Of each only the hash is stored. A consumer locks its user first and
 * then uses it: so a change that ends links finds it, or comes after it.
 */
@Injectable()
export class MailedTokens {
  private readonly keys: readonly [Buffer, ...Buffer[]];

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly clock: Clock,
    secretKey: SecretKey,
  ) {
    this.keys = secretKey.deriveAll(PURPOSE);
  }

  /** A token whose secret cannot be told again: for a mail that is being written. */
  async issue(params: IssueTokenParams, within?: EntityManager): Promise<IssuedToken> {
    const { id, token, secretHash } = mintSecretToken();
    await this.insert(id, secretHash, params, within ?? this.dataSource.manager);
    return { id, token };
  }

  /**
   * A token for a mail that will be written later, however often it is tried: {@link reserved} tells it then, as long as it is good.
   * What ends links meanwhile ends this one too.
   *
   * @returns its id
   */
  async reserve(params: IssueTokenParams, within: EntityManager): Promise<string> {
    const id = uuidv4();
    await this.insert(id, hashSecret(secretOf(id, this.keys[0])), params, within);
    return id;
  }

  /** The token that was reserved under this id; null when it has been used, has ended or has expired. */
  async reserved(id: string, purpose: string): Promise<string | null> {
    for (const key of this.keys) {
      const secret = secretOf(id, key);
      const [found] = await this.good<object[]>(
        `SELECT ${FOUND} FROM coatcheck.mailed_tokens WHERE`,
        id,
        purpose,
        secret,
      );
      if (found) return `${id}.${secret}`;
    }
    return null;
  }

  /**
   * Uses a token up, in one statement: of any number of concurrent calls exactly one returns. Whether its user still has the
   * address it was mailed to has *not* been checked.
   *
   * @param within has locked the token's user, as {@link peek} names it
   * @throws AuthError `invalid_token`: malformed, unknown, used, expired or for another purpose
   */
  async consume(token: unknown, purpose: string, within?: EntityManager): Promise<MailedToken> {
    const parsed = parseSecretToken(token);
    if (!parsed) throw malformed();
    const [[row]] = await this.good<[MailedToken[]]>(
      'UPDATE coatcheck.mailed_tokens SET consumed_at = $3 WHERE',
      parsed.id,
      purpose,
      parsed.secret,
      within,
      `RETURNING ${FOUND}`,
    );
    if (!row) throw spent();
    return row;
  }

  /**
   * Whether a token could be used now, and whose it is, without using it: to lock its user, and to refuse what else is wrong with a
   * request before the token is spent.
   *
   * @throws AuthError `invalid_token`
   */
  async peek(token: unknown, purpose: string): Promise<MailedToken> {
    const parsed = parseSecretToken(token);
    if (!parsed) throw malformed();
    const [row] = await this.good<MailedToken[]>(
      `SELECT ${FOUND} FROM coatcheck.mailed_tokens WHERE`,
      parsed.id,
      purpose,
      parsed.secret,
    );
    if (!row) throw spent();
    return row;
  }

  /**
   * A token that kills those of the same purpose before it: of several links only the newest works.
   *
   * @param record tells the audit, in the same transaction
   * @returns null when the user has another address than `params.user.email`, or is gone: the account has been moved since it was
   *   looked up, and a link to the former mailbox would be one that nothing has ended
   */
  async issueOnly(
    params: IssueTokenParams,
    record?: (within: EntityManager) => Promise<void>,
  ): Promise<IssuedToken | null> {
    return this.dataSource.transaction(async (manager) => {
      // Of two at once neither would see the other's, and both links would be good.
      const user = await this.users.find(params.user.id, manager);
      if (user?.email !== params.user.email) return null;
      await record?.(manager);
      await this.consumeAll(params.user.id, params.purpose, manager);
      return this.issue(params, manager);
    });
  }

  /** Consumes all pending tokens of this purpose, unread. In a transaction that has locked the user. */
  async consumeAll(userId: string, purpose: string, within: EntityManager): Promise<void> {
    await within.query(
      'UPDATE coatcheck.mailed_tokens SET consumed_at = $3 WHERE user_id = $1 AND purpose = $2 AND consumed_at IS NULL',
      [userId, purpose, this.clock.now()],
    );
  }

  private async insert(id: string, secretHash: string, params: IssueTokenParams, within: EntityManager): Promise<void> {
    const { purpose, user, lifetimeSeconds, originId = id, since, outlivesGlobalEpoch = false } = params;
    const epoch = outlivesGlobalEpoch ? 'NULL' : '(SELECT epoch FROM coatcheck.global_session_epoch)';
    await within.query(
      `INSERT INTO coatcheck.mailed_tokens (id, purpose, user_id, origin_id, email, secret_hash, created_at, expires_at, epoch)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, ${epoch})`,
      [
        id,
        purpose,
        user.id,
        originId,
        user.email,
        secretHash,
        since ?? this.clock.now(),
        this.clock.in(lifetimeSeconds),
      ],
    );
  }

  /** Looked up by the secret's hash: what the time of a comparison tells is worth nothing. */
  private good<T>(
    verb: string,
    id: string,
    purpose: string,
    secret: string,
    within?: EntityManager,
    rest = '',
  ): Promise<T> {
    return (within ?? this.dataSource.manager).query(`${verb} ${IS_GOOD} AND secret_hash = $4 ${rest}`, [
      id,
      purpose,
      this.clock.now(),
      hashSecret(secret),
    ]);
  }
}

/** Ours alone to tell: a stolen queue of mails opens nothing. */
function secretOf(id: string, key: Buffer): string {
  return createHmac('sha256', key).update(id).digest('base64url');
}

function malformed(): AuthError {
  return new AuthError('invalid_token', { reason: 'token_malformed' });
}

function spent(): AuthError {
  return new AuthError('invalid_token', { reason: 'token_unknown_or_spent' });
}
