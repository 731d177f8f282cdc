import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { selected, tableOf } from '../../database/table-of.js';
import { eachRowAlone } from '../../database/unreadable-rows.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { Batcher } from '../../kernel/batcher.js';
import { Clock } from '../../kernel/clock.js';
import { readInstant, readInstantOrNull } from '../../kernel/instant.js';
import { deepFrozen } from '../../kernel/json-object.js';
import type { Kept } from '../../revocation/credential-view.js';
import type { Subject } from '../../revocation/revocation-feed.js';
import { JOINED_USER, joinedUser } from '../../users/joined-user.js';
import { banEndOf, toAuthUser, type UserRecord, UserStore } from '../../users/user.store.js';
import { OAuthGrantEntity } from './oauth-grant.entity.js';

/** A grant as a node keeps it, with its user, as one look found them. Its session and its client have views of their own. */
export interface GrantSnapshot extends Kept {
  readonly id: string;
  readonly clientId: string;
  readonly sessionId: string | null;
  readonly user: AuthUser;
  /** Judged at each request, so that a ban ends by itself. */
  readonly userBannedUntil: Date | null;
  /** Ended, or of a global session epoch that is over. */
  readonly isOver: boolean;
  readonly expiresAt: Date;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly revokedJtis: ReadonlySet<string>;
  readonly lastUsedAt: Date | null;
}

type Row = OAuthGrantEntity & { readonly currentGlobalEpoch: number; readonly revokedJtis: readonly string[] };

const CONCURRENCY = 3;

/** Loads grants: many requests' in one statement, and their users in the same where both are in one database. */
@Injectable()
export class GrantSnapshots {
  private readonly batcher = new Batcher(
    eachRowAlone((ids: readonly string[]) => this.findAll(ids)),
    { concurrency: CONCURRENCY },
  );
  private statement: string | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly clock: Clock,
  ) {}

  /** No older than the call; null when there is no such grant, or its user is gone. @throws AuthError `internal_error` for one that cannot be read */
  async load(id: string): Promise<GrantSnapshot | null> {
    const found = await this.batcher.load(id);
    const user = found && (joinedUser(found) ?? (await this.users.find(found.userId)));
    return found && user ? snapshotOf(found, user) : null;
  }

  private async findAll(ids: readonly string[]): Promise<(Row | null)[]> {
    // Not earlier: a DataSource knows its tables once it is initialised.
    this.statement ??= this.write();
    const rows = await this.dataSource.query<Row[]>(this.statement, [ids, this.clock.now()]);
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => found.get(id) ?? null);
  }

  private write(): string {
    const grants = tableOf<keyof OAuthGrantEntity>(this.dataSource, OAuthGrantEntity);
    const { table } = this.users;
    const joins = table?.dataSource === this.dataSource ? table : null;
    const columns = `${selected('held', grants.columns)},
      (SELECT epoch FROM coatcheck.global_session_epoch) AS "currentGlobalEpoch",
      ARRAY(SELECT jti_hash FROM coatcheck.oauth_revoked_tokens WHERE owner = 'grant:' || held.id AND expires_at > $2) AS "revokedJtis"`;
    const from = `${grants.name} held`;
    const where = 'WHERE held.id = ANY ($1::uuid[])';
    if (!joins) return `SELECT ${columns} FROM ${from} ${where}`;
    const owner = selected('owner', joins.columns, JOINED_USER);
    return `SELECT ${columns}, ${owner} FROM ${from} JOIN ${joins.name} owner ON owner.id = held.user_id ${where}`;
  }
}

function snapshotOf(row: Row, user: UserRecord): GrantSnapshot {
  const { id, clientId, sessionId } = row;
  const subjects: Subject[] = [`grant:${id}`, `client:${clientId}`, `user:${user.id}`];
  if (sessionId !== null) subjects.push(`session:${sessionId}`);
  const known = toAuthUser(user);
  return {
    subjects,
    id,
    clientId,
    sessionId,
    // A handler that put a role into these would put it into every later request's.
    user: Object.freeze({ ...known, roles: Object.freeze([...known.roles]) }),
    userBannedUntil: banEndOf(user),
    isOver: hasEnded(row) || row.globalEpoch !== row.currentGlobalEpoch,
    expiresAt: readInstant(row.expiresAt, 'oauth_grants.expires_at'),
    payload: deepFrozen(row.payload) as GrantSnapshot['payload'],
    revokedJtis: new Set(row.revokedJtis),
    lastUsedAt: readInstantOrNull(row.lastUsedAt, 'oauth_grants.last_used_at'),
  };
}

function hasEnded({ createdAt, endedAt }: OAuthGrantEntity): boolean {
  // Never null in the table: where it cannot be read, neither can the other, which would then pass for absent.
  readInstant(createdAt, 'oauth_grants.created_at');
  return readInstantOrNull(endedAt, 'oauth_grants.ended_at') !== null;
}
