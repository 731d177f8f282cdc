import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { AddedWayIn, Bind, Counted, Ending, Period } from '../../security/holding.js';
import { StatementHolding } from '../../security/statement-holding.js';
import { apiKeyPrefix } from './api-key.js';

/**
 * Keys that act for a user. None is announced by itself: every event announces the user, by which no node goes on with what it knew of
 * the user's keys.
 */
@Injectable()
export class ApiKeyHolding extends StatementHolding {
  readonly name = 'api_keys';
  readonly column = 'apiKeys';

  statements({ userId, event, at, since }: Ending, bind: Bind): readonly string[] {
    if (event === 'deleted') {
      return [
        `DELETE FROM coatcheck.api_key_usage WHERE key_id IN (SELECT id FROM coatcheck.api_keys WHERE user_id = ${bind(userId)})`,
        `DELETE FROM coatcheck.api_keys WHERE user_id = ${bind(userId)}`,
      ];
    }
    const limit = since ? `AND created_at >= ${bind(since)}` : '';
    const live = `user_id = ${bind(userId)} AND revoked_at IS NULL ${limit}`;
    return [`UPDATE coatcheck.api_keys SET revoked_at = ${bind(at)} WHERE ${live}`];
  }

  override async countHeld({ userId, at, most }: Counted, tx: EntityManager): Promise<number> {
    const [{ count }] = await tx.query(
      `SELECT count(*)::integer AS count FROM (
         SELECT FROM coatcheck.api_keys
          WHERE ($1::uuid IS NULL OR user_id = $1) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)
            AND epoch = (SELECT epoch FROM coatcheck.global_session_epoch)
          LIMIT $3) live`,
      [userId, at, most],
    );
    return count;
  }

  /** Not those in whose place others were put: they end with everything that is taken back. */
  override async addedWithin({ userId, since, before, at }: Period, tx: EntityManager): Promise<readonly AddedWayIn[]> {
    const keys: { id: string; addedAt: Date }[] = await tx.query(
      `SELECT id, created_at AS "addedAt" FROM coatcheck.api_keys
        WHERE user_id = $1 AND created_at >= $2 AND created_at < $3 AND revoked_at IS NULL AND rotated_at IS NULL
          AND (expires_at IS NULL OR expires_at > $4) AND epoch = (SELECT epoch FROM coatcheck.global_session_epoch)
        ORDER BY created_at, id`,
      [userId, since, before, at],
    );
    return keys.map(({ id, addedAt }) => {
      const detail = apiKeyPrefix(id);
      return { kind: 'api_key', detail, what: `an API key that begins with ${detail}`, addedAt };
    });
  }
}

/** Keys in whose place others were put, while they live on. */
@Injectable()
export class RotatedApiKeyHolding extends StatementHolding {
  readonly name = 'rotated_api_keys';
  readonly column = 'rotatedApiKeys';

  statements({ userId, event, at }: Ending, bind: Bind): readonly string[] {
    // They go with all others then.
    if (event === 'deleted') return [];
    const live = `user_id = ${bind(userId)} AND rotated_at IS NOT NULL AND revoked_at IS NULL`;
    return [`UPDATE coatcheck.api_keys SET revoked_at = ${bind(at)} WHERE ${live}`];
  }
}
