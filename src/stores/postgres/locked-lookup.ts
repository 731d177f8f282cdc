import type { EntityManager } from 'typeorm';
import { selected, tableOf } from '../../database/table-of.js';
import { isUuid } from '../../kernel/is-uuid.js';
import type { LockedTogether, SessionRecord, SessionStore } from '../../sessions/session.store.js';
import { SessionEntity } from './session.entity.js';

type UserTable = Parameters<SessionStore['lockedWith']>[0];
type UserRecord = NonNullable<LockedTogether['users'][number]>;
type Row = Record<string, unknown>;

const USER = 'user.';
const SESSION = 'session.';

/** Users, one session and the global session epoch, each locked and as of its lock, in one statement. */
export class LockedLookup {
  private readonly statement: string;
  private readonly sessionNames: readonly (keyof SessionRecord)[];
  private readonly userNames: readonly (keyof UserRecord)[];

  constructor(users: UserTable) {
    const sessions = tableOf<keyof SessionRecord>(users.dataSource, SessionEntity);
    this.sessionNames = Object.keys(sessions.columns) as (keyof SessionRecord)[];
    this.userNames = Object.keys(users.columns) as (keyof UserRecord)[];
    // A row that had to be waited for is as of its lock, not of the statement. The counts make the order: all users first, for a
    // transaction that has locked one may be ending the session, and wait for it on another connection, where PostgreSQL sees no deadlock.
    this.statement = `
      WITH owners AS MATERIALIZED (
        SELECT * FROM ${users.name} WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE),
      held AS MATERIALIZED (
        SELECT * FROM ${sessions.name} WHERE id = $2::uuid AND (SELECT count(*) FROM owners) >= 0 FOR SHARE),
      everyone AS MATERIALIZED (
        SELECT epoch FROM coatcheck.global_session_epoch WHERE (SELECT count(*) FROM held) >= 0 FOR SHARE)
      SELECT everyone.epoch AS "globalEpoch", ${selected('held', sessions.columns, SESSION)},
             ${selected('owner', users.columns, USER)}
        FROM everyone LEFT JOIN held ON true LEFT JOIN owners owner ON true`;
  }

  async find(userIds: readonly string[], sessionId: string, within: EntityManager): Promise<LockedTogether> {
    const values = [userIds.filter(isUuid), isUuid(sessionId) ? sessionId : null];
    const rows: Row[] = await within.query(this.statement, values);
    const users = new Map(rows.map((row) => [row[`${USER}id`], read<UserRecord>(row, USER, this.userNames)]));
    const first = rows[0]!;
    return {
      users: userIds.map((id) => users.get(id.toLowerCase()) ?? null),
      session: read<SessionRecord>(first, SESSION, this.sessionNames),
      globalEpoch: first.globalEpoch as number,
    };
  }
}

/** Null where the join found none. */
function read<T>(row: Row, prefix: string, names: readonly (keyof T & string)[]): T | null {
  if (row[`${prefix}id`] === null) return null;
  return Object.fromEntries(names.map((name) => [name, row[prefix + name]])) as T;
}
