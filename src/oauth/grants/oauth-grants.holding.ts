import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AddedWayIn, Bind, Counted, Ending, Period } from '../../security/holding.js';
import { StatementHolding } from '../../security/statement-holding.js';

/** The condition of a grant that has not ended; `$2` is now. */
const LIVE = `ended_at IS NULL AND expires_at > $2 AND global_epoch = (SELECT epoch FROM coatcheck.global_session_epoch)`;

/**
 * The access of clients while a session lasts. None is announced by itself: every event announces the user, by which no node goes on with
 * what it knew of the user's grants; and a grant whose session is over is over, whatever its row says.
 */
@Injectable()
export class SessionGrantHolding extends StatementHolding {
  readonly name = 'session_grants';
  readonly column = 'sessionGrants';

  statements({ userId, event, at, exceptSessionId }: Ending, bind: Bind): readonly string[] {
    // They go with all others then.
    if (event === 'deleted') return [];
    const spared = exceptSessionId ? `AND session_id <> ${bind(exceptSessionId)}` : '';
    const live = `user_id = ${bind(userId)} AND session_id IS NOT NULL AND ended_at IS NULL ${spared}`;
    return [`UPDATE coatcheck.oauth_grants SET ended_at = ${bind(at)}, end_reason = ${bind(event)} WHERE ${live}`];
  }

  override countHeld(of: Counted, tx: EntityManager): Promise<number> {
    return countOf('session_id IS NOT NULL', of, tx);
  }
}

/** By these an account is its owner's again, or for the first time: another person may have agreed in it. */
const RETURNS_ACCOUNT: ReadonlySet<string> = new Set(['mailbox_proven', 'email_change_undone', 'not_me']);

/**
 * The access of clients without a session, e.g. on a device. Consents are remembered with them; they end with their user, and when the account
 * returns to its owner.
 */
@Injectable()
export class OfflineGrantHolding extends StatementHolding {
  readonly name = 'offline_grants';
  readonly column = 'offlineGrants';

  statements({ userId, event, at, since }: Ending, bind: Bind): readonly string[] {
    if (event === 'deleted') {
      const own = `SELECT 'grant:' || id FROM coatcheck.oauth_grants WHERE user_id = ${bind(userId)}`;
      return [
        `DELETE FROM coatcheck.oauth_revoked_tokens WHERE owner IN (${own})`,
        `DELETE FROM coatcheck.oauth_grants WHERE user_id = ${bind(userId)}`,
        `DELETE FROM coatcheck.oauth_consents WHERE user_id = ${bind(userId)}`,
      ];
    }
    const limit = since ? `AND created_at >= ${bind(since)}` : '';
    const live = `user_id = ${bind(userId)} AND session_id IS NULL AND ended_at IS NULL ${limit}`;
    const grants = `UPDATE coatcheck.oauth_grants SET ended_at = ${bind(at)}, end_reason = ${bind(event)} WHERE ${live}`;
    if (!RETURNS_ACCOUNT.has(event)) return [grants];
    return [grants, `DELETE FROM coatcheck.oauth_consents WHERE user_id = ${bind(userId)}`];
  }

  override countHeld(of: Counted, tx: EntityManager): Promise<number> {
    return countOf('session_id IS NULL', of, tx);
  }

  /** The first of each client: a client that asks again is no other way in. */
  override async addedWithin({ userId, since, before, at }: Period, tx: EntityManager): Promise<readonly AddedWayIn[]> {
    const grants: { clientId: string; name: string | null; addedAt: Date }[] = await tx.query(
      `SELECT held.client_id AS "clientId", held.added_at AS "addedAt", client.name FROM (
         SELECT client_id, min(created_at) AS added_at FROM coatcheck.oauth_grants
          WHERE user_id = $1 AND session_id IS NULL AND ${LIVE} GROUP BY client_id) held
         LEFT JOIN coatcheck.oauth_clients client ON client.id = held.client_id AND client.origin = 'admin'
        WHERE held.added_at >= $3 AND held.added_at < $4 ORDER BY held.added_at, held.client_id`,
      [userId, at, since, before],
    );
    return grants.map(({ clientId, name, addedAt }) => {
      // The name that an unregistered client gives itself is not repeated in a mail of ours.
      const detail = name ?? clientId;
      return { kind: 'oauth_client', detail, what: `an application that may act for you: ${detail}`, addedAt };
    });
  }
}

async function countOf(which: string, { userId, at, most }: Counted, tx: EntityManager): Promise<number> {
  const [{ count }] = await tx.query(
    `SELECT count(*)::integer AS count FROM (
       SELECT FROM coatcheck.oauth_grants WHERE ($1::uuid IS NULL OR user_id = $1) AND ${which} AND ${LIVE} LIMIT $3) live`,
    [userId, at, most],
  );
  return count;
}
