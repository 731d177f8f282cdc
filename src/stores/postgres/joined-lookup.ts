import type { DataSource } from 'typeorm';
import { prepared } from '../../database/prepared.js';
import { selected, tableOf } from '../../database/table-of.js';
import { eachRowAlone } from '../../database/unreadable-rows.js';
import { Batcher } from '../../kernel/batcher.js';
import { isUuid } from '../../kernel/is-uuid.js';
import type { SessionRecord, SessionStore, SessionWithUser } from '../../sessions/session.store.js';
import { SessionEntity } from './session.entity.js';

type UserTable = Parameters<SessionStore['joinedWith']>[0];
type Row = Record<string, unknown>;

/** Few, or each would carry one only; more than one, for a slow statement must not hold up everyone. */
const CONCURRENCY = 3;
const USER = 'user.';

/** Sessions with their users, of many requests at once in one statement. */
export class JoinedLookup {
  private readonly batcher = new Batcher(
    eachRowAlone((ids: readonly string[]) => this.findAll(ids)),
    { concurrency: CONCURRENCY },
  );
  private readonly statement: string;
  private readonly sessionNames: readonly string[];
  private readonly userNames: readonly string[];

  constructor(
    private readonly dataSource: DataSource,
    users: UserTable,
  ) {
    const sessions = tableOf<keyof SessionRecord>(dataSource, SessionEntity);
    this.sessionNames = Object.keys(sessions.columns);
    this.userNames = Object.keys(users.columns);
    this.statement = prepared(`
      SELECT ${selected('held', sessions.columns)}, ${selected('owner', users.columns, USER)},
             (SELECT epoch FROM coatcheck.global_session_epoch) AS "globalEpoch"
        FROM ${sessions.name} held JOIN ${users.name} owner ON owner.id = held.user_id
       WHERE held.id = ANY ($1::uuid[])`);
  }

  async find(id: string): Promise<SessionWithUser | null> {
    return isUuid(id) ? this.batcher.load(id.toLowerCase()) : null;
  }

  private async findAll(ids: readonly string[]): Promise<(SessionWithUser | null)[]> {
    const rows = await this.dataSource.query<Row[]>(this.statement, [ids]);
    const found = new Map(rows.map((row) => [row.id, this.read(row)]));
    return ids.map((id) => found.get(id) ?? null);
  }

  private read(row: Row): SessionWithUser {
    const session = Object.fromEntries(this.sessionNames.map((name) => [name, row[name]]));
    const user = Object.fromEntries(this.userNames.map((name) => [name, row[USER + name]]));
    return { session, user, globalEpoch: row.globalEpoch } as unknown as SessionWithUser;
  }
}
