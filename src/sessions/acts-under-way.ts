import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import { Clock } from '../kernel/clock.js';
import { UserStore } from '../users/user.store.js';
import { AtomicPrimitives } from './atomic-primitives.js';
import { SessionStore } from './session.store.js';

/** Longer than any session lives: a mark that ran out before its session would hide an act. */
const MARKED_SECONDS = 401 * 86_400;

/**
 * The acts of users on other accounts, in transactions that have locked them (`ActorsInForce`) and looked at their session. Where the
 * sessions are in that database, the end of one waits for its row; elsewhere nothing holds it, and the request that ends it waits here.
 *
 * Only a session in which its user has acted is waited for. It is marked beside the sessions before the act looks at it, and looked for
 * after its end: so either the act finds it ended, or its end finds the mark.
 */
@Injectable()
export class ActsUnderWay {
  private waits: ((userId: string) => Promise<unknown>) | null | undefined;

  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly users: UserStore,
    private readonly sessions: SessionStore,
    private readonly atomics: AtomicPrimitives,
    private readonly clock: Clock,
  ) {}

  /** Whether the end of a session has to wait by itself. */
  get areUnheld(): boolean {
    // Not earlier: a DataSource knows its tables once it is initialised.
    if (this.waits === undefined) this.waits = this.way();
    return this.waits !== null;
  }

  /** Marks a session in which its user is about to act on an account. To be awaited before the act looks whether the session has ended. */
  async begin(sessionId: string): Promise<void> {
    if (this.areUnheld) await this.atomics.addIfBelow(markOf(sessionId), this.mark());
  }

  /**
   * Returns when what this user had begun in sessions that have ended has been done, or not: what begins from now on finds them ended.
   * The database is asked only where one of them is marked.
   *
   * @throws what is answered as `unavailable` when that cannot be known: the database is out of reach, or an act takes too long
   */
  async outwait(userId: string, endedSessions: readonly string[]): Promise<void> {
    if (!this.areUnheld) return;
    const marked = await Promise.all(endedSessions.map((id) => this.isMarked(id)));
    if (marked.includes(true)) await this.waits!(userId);
  }

  private async isMarked(sessionId: string): Promise<boolean> {
    const key = markOf(sessionId);
    const { added, resetsAt } = await this.atomics.addIfBelow(key, this.mark());
    // Ours would have the next one wait, who ends the same session, for nothing.
    if (added) await this.atomics.subtract([{ key, resetsAt }]);
    return !added;
  }

  private mark() {
    return { limit: 1, windowSeconds: MARKED_SECONDS, now: this.clock.now() };
  }

  private way() {
    const { table } = this.users;
    if (table && this.sessions.lockedWith(table)) return null;
    if (table?.dataSource !== this.dataSource) {
      return (userId: string) => this.dataSource.transaction((tx) => this.users.find(userId, tx));
    }
    const sql = `SELECT FROM ${table.name} WHERE id = $1 FOR SHARE`;
    return (userId: string) => this.dataSource.query(sql, [userId]);
  }
}

function markOf(sessionId: string): string {
  return `acts-in:${sessionId}`;
}
