import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { RequestOrigin } from '../../../access/request-origin.js';
import { AUTH_DATA_SOURCE } from '../../../database/auth-data-source.js';
import { Clock } from '../../../kernel/clock.js';
import { FactorSessions } from '../../../login/factor-sessions.js';
import { RecheckTally } from './recheck-metrics.js';

/** Which logins elsewhere are over. */
export type EndedElsewhere =
  | { readonly identityId: string }
  | { readonly connectionId: string }
  /** The provider's own word: one session of its, all of a subject, or one session of a subject. */
  | {
      readonly connectionId: string;
      readonly issuer: string;
      readonly subject: string | null;
      readonly sessionId: string | null;
    };

/** The cause of the end, for the audit. */
export interface EndedBy {
  readonly origin?: RequestOrigin | null;
  readonly actorId?: string | null;
}

/** A login elsewhere that is to end, with what rests on it. */
export interface EndingLogin {
  readonly id: string;
  readonly connectionId: string;
}

/** Ended by one step. */
const TOGETHER = 500;
/** Marked ones that a crash has left are looked at after so long. */
const CRASHED_SECONDS = 60;
const FIRST = '00000000-0000-0000-0000-000000000000';

/** Ends the sessions that rest on logins elsewhere. */
@Injectable()
export class FederatedEnds {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly sessions: FactorSessions,
    private readonly tally: RecheckTally,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends all of them, however many there are. Returns when no node accepts any of them, with the number of those that had not ended before.
   * Logins that wait for a second factor begin no session any more. Sessions that a crash leaves are ended by the next look.
   *
   * @param reason a short fixed word
   */
  async end(which: EndedElsewhere, reason: string, by: EndedBy = {}): Promise<number> {
    let count = 0;
    for (let after = FIRST; ; ) {
      const { marked, last, isMore } = await this.mark(which, reason, after);
      count += await this.endMarked(marked, reason, by);
      if (!isMore) return count;
      after = last;
    }
  }

  /** Ends what rests on them: nothing new does, for they are marked. */
  async endMarked(logins: readonly EndingLogin[], reason: string, by: EndedBy = {}): Promise<number> {
    if (logins.length === 0) return 0;
    let count = 0;
    const ids = logins.map(({ id }) => id);
    const resting: { sessionId: string; loginId: string }[] = await this.dataSource.query(
      `SELECT session_id AS "sessionId", login_id AS "loginId" FROM coatcheck.federated_sessions WHERE login_id = ANY ($1::uuid[])`,
      [ids],
    );
    for (const [connectionId, sessionIds] of byConnection(logins, resting)) {
      const also = { type: 'federated.session_ended', connectionId, reason, ...by } as const;
      count += await this.sessions.revoke(sessionIds, reason, { ...by, also });
    }
    await this.dataSource.query('DELETE FROM coatcheck.federated_logins WHERE id = ANY ($1::uuid[])', [ids]);
    this.tally.ended(reason, count);
    return count;
  }

  /** The next of them in the order of their ids; those that are marked already as well, for a caller that ends the same logins is promised the same. */
  private async mark(which: EndedElsewhere, reason: string, after: string) {
    const values: unknown[] = [reason, this.clock.in(CRASHED_SECONDS), after];
    const where = conditionOf(which, (value) => `$${values.push(value)}`);
    // Some of the page may be gone by the time they are updated: that is no sign of its end.
    const page: { id: string; connectionId: string | null }[] = await this.dataSource.query(
      `WITH page AS (
         SELECT login.id FROM coatcheck.federated_logins AS login
          WHERE ${where} AND login.id > $3 ORDER BY login.id LIMIT ${TOGETHER}),
       marked AS (
         UPDATE coatcheck.federated_logins AS login
            SET end_reason = COALESCE(end_reason, $1), next_check_at = LEAST(next_check_at, $2::timestamptz)
           FROM page WHERE login.id = page.id
         RETURNING login.id, login.connection_id)
       SELECT page.id, marked.connection_id AS "connectionId" FROM page LEFT JOIN marked USING (id) ORDER BY page.id`,
      values,
    );
    const marked = page.filter((one): one is EndingLogin => one.connectionId !== null);
    return { marked, last: page.at(-1)?.id ?? after, isMore: page.length === TOGETHER };
  }
}

function conditionOf(which: EndedElsewhere, bind: (value: unknown) => string): string {
  if ('identityId' in which) return `login.identity_id = ${bind(which.identityId)}`;
  const ofConnection = `login.connection_id = ${bind(which.connectionId)}`;
  if (!('subject' in which)) return ofConnection;
  const { subject, issuer, sessionId } = which;
  const ofSubject =
    subject === null
      ? 'true'
      : `login.identity_id IN (SELECT id FROM coatcheck.federated_identities
          WHERE connection_id = ${bind(which.connectionId)} AND issuer = ${bind(issuer)} AND subject = ${bind(subject)})`;
  if (sessionId === null) return `${ofConnection} AND ${ofSubject}`;
  // A login whose session there is not known may have been this one.
  const isUnnamed = subject === null ? 'false' : 'login.upstream_sid IS NULL';
  return `${ofConnection} AND ${ofSubject} AND (login.upstream_sid = ${bind(sessionId)} OR ${isUnnamed})`;
}

function byConnection(
  logins: readonly EndingLogin[],
  resting: readonly { readonly sessionId: string; readonly loginId: string }[],
): Map<string, string[]> {
  const connectionOf = new Map(logins.map(({ id, connectionId }) => [id, connectionId]));
  const sessions = new Map<string, string[]>();
  for (const { sessionId, loginId } of resting) {
    const connectionId = connectionOf.get(loginId)!;
    const known = sessions.get(connectionId);
    if (known) known.push(sessionId);
    else sessions.set(connectionId, [sessionId]);
  }
  return sessions;
}
