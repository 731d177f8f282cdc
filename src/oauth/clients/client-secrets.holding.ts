import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Bind, Counted, Ending } from '../../security/holding.js';
import { StatementHolding } from '../../security/statement-holding.js';

/**
 * Clients that act as a service user. They go on as clients of other users, but not as that one. None is announced by itself: every event announces
 * the user, by which no node goes on with what it knew of the clients. For everyone they end by the epoch in which an admin last said that they may.
 */
@Injectable()
export class ClientSecretHolding extends StatementHolding {
  readonly name = 'client_secrets';
  readonly column = 'apiKeys';

  statements({ userId, event, since }: Ending, bind: Bind): readonly string[] {
    const limit = event === 'deleted' || !since ? '' : `AND created_at >= ${bind(since)}`;
    return [
      `UPDATE coatcheck.oauth_clients SET service_user_id = NULL, generation = generation + 1
        WHERE service_user_id = ${bind(userId)} ${limit}`,
    ];
  }

  override async countHeld({ userId, most }: Counted, tx: EntityManager): Promise<number> {
    const [{ count }] = await tx.query(
      `SELECT count(*)::integer AS count FROM (
         SELECT FROM coatcheck.oauth_clients
          WHERE service_user_id IS NOT NULL AND ($1::uuid IS NULL OR service_user_id = $1)
            AND deleted_at IS NULL AND disabled_at IS NULL AND epoch = (SELECT epoch FROM coatcheck.global_session_epoch)
          LIMIT $2) acting`,
      [userId, most],
    );
    return count;
  }
}
