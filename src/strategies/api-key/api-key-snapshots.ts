import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Verdict } from '../../access/ticket-strategy.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { selected, tableOf } from '../../database/table-of.js';
import { eachRowAlone } from '../../database/unreadable-rows.js';
import type { AuthCredential, CredentialAuth } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Batcher } from '../../kernel/batcher.js';
import { readInstant, readInstantOrNull } from '../../kernel/instant.js';
import type { Kept } from '../../revocation/credential-view.js';
import { JOINED_USER, joinedUser } from '../../users/joined-user.js';
import { banEndOf, toAuthUser, type UserRecord, UserStore } from '../../users/user.store.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyLimits } from './api-key-limits.js';

/** All a node needs to judge a key: it with its user, as one look found them. */
export interface ApiKeySnapshot extends Kept {
  readonly secretHash: string;
  /** Revoked, or by now of an epoch that is over. */
  readonly isOver: boolean;
  readonly expiresAt: Date | null;
  /** Of every request with it. Frozen. */
  readonly verdict: Verdict;
}

type Row = ApiKeyEntity & { readonly globalEpoch: number };

const CONCURRENCY = 3;

/** Loads keys: many requests' in one statement, and their users in the same where both are in one database. */
@Injectable()
export class ApiKeySnapshots {
  private readonly batcher = new Batcher(
    eachRowAlone((ids: readonly string[]) => this.findAll(ids)),
    { concurrency: CONCURRENCY },
  );
  private statement: string | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly limits: ApiKeyLimits,
  ) {}

  /** No older than the call. @throws AuthError `unauthenticated` when there is no such key, or its user is gone */
  async load(id: string): Promise<ApiKeySnapshot> {
    const found = await this.batcher.load(id);
    const user = found && (joinedUser(found) ?? (await this.users.find(found.userId)));
    if (!found || !user) throw new AuthError('unauthenticated', { reason: 'unknown_api_key' });
    return {
      subjects: [`key:${id}`, `user:${user.id}`],
      secretHash: found.secretHash,
      isOver: isRevoked(found) || found.epoch !== found.globalEpoch,
      expiresAt: readInstantOrNull(found.expiresAt, 'api_keys.expires_at'),
      verdict: Object.freeze({
        auth: authOf(found, user),
        userBannedUntil: banEndOf(user),
        charge: this.limits.chargeFor(found),
      }),
    };
  }

  private async findAll(ids: readonly string[]): Promise<(Row | null)[]> {
    // Not earlier: a DataSource knows its tables once it is initialised.
    this.statement ??= this.write();
    const rows = await this.dataSource.query<Row[]>(this.statement, [ids]);
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  }

  private write(): string {
    const keys = tableOf<keyof ApiKeyEntity>(this.dataSource, ApiKeyEntity);
    const { table } = this.users;
    const joins = table?.dataSource === this.dataSource ? table : null;
    const columns = `${selected('held', keys.columns)}, (SELECT epoch FROM coatcheck.global_session_epoch) AS "globalEpoch"`;
    const from = `${keys.name} held`;
    const where = 'WHERE held.id = ANY ($1::uuid[])';
    if (!joins) return `SELECT ${columns} FROM ${from} ${where}`;
    const owner = selected('owner', joins.columns, JOINED_USER);
    return `SELECT ${columns}, ${owner} FROM ${from} JOIN ${joins.name} owner ON owner.id = held.user_id ${where}`;
  }
}

function isRevoked({ createdAt, revokedAt }: ApiKeyEntity): boolean {
  // Never null in the table: where it cannot be read, neither can the others, which would then pass for absent.
  readInstant(createdAt, 'api_keys.created_at');
  return readInstantOrNull(revokedAt, 'api_keys.revoked_at') !== null;
}

function authOf(key: ApiKeyEntity, user: UserRecord): CredentialAuth {
  const { id, name, createdAt, lastUsedAt, expiresAt } = key;
  const credential: AuthCredential = Object.freeze({ id, name, createdAt, lastUsedAt, expiresAt });
  const known = toAuthUser(user);
  // A handler that put a role or a scope into these would put it into every later request's.
  const owner = Object.freeze({ ...known, roles: Object.freeze([...known.roles]) });
  const scopes = Object.freeze([...key.scopes]);
  return Object.freeze({ by: 'api-key', user: owner, strategy: 'api-key', credential, scopes });
}
