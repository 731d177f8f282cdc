import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { UserStore } from '../users/user.store.js';
import { SessionStore } from './session.store.js';

/**
 * What users are doing to other accounts, in transactions that have locked them (`ActorsInForce`) and looked at their session. Where the
 * sessions are in that database, the end of one waits for its row; elsewhere nothing holds it, and whoever ends it waits here.
 */
@Injectable()
export class ActsUnderWay {
  private waits: ((userId: string) => Promise<unknown>) | null | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly sessions: SessionStore,
  ) {}

  /** Whether the end of a session has to wait by itself. */
  get areUnheld(): boolean {
    // Not earlier: a DataSource knows its tables once it is initialised.
    if (this.waits === undefined) this.waits = this.way();
    return this.waits !== null;
  }

  /**
   * Returns when what this user had begun has been done, or not: what begins from now on finds the session ended.
   *
   * @throws what is answered as `unavailable` when that cannot be known: the database is out of reach, or an act takes too long
   */
  async outwait(userId: string): Promise<void> {
    if (this.areUnheld) await this.waits!(userId);
  }

  private way() {
    const { table } = this.users;
    if (table && this.sessions.lockedWith(table)) return null;
    if (table?.dataSource !== this.dataSource) {
      return (userId: string) => this.dataSource.transaction((tx) => this.users.find(userId, tx));
    }
    // Whoever has no role acts on no account but their own, and is neither locked nor waited for.
    const sql = `SELECT FROM ${table.name} WHERE id = $1 AND cardinality("${table.columns.roles}") > 0 FOR SHARE`;
    return (userId: string) => this.dataSource.query(sql, [userId]);
  }
}
