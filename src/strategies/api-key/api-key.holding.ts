import { Injectable } from '@nestjs/common';
import type { Bind, Ending } from '../../security/holding.js';
import { StatementHolding } from '../../security/statement-holding.js';

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
        `DELETE FROM api_key_usage WHERE key_id IN (SELECT id FROM api_keys WHERE user_id = ${bind(userId)})`,
        `DELETE FROM api_keys WHERE user_id = ${bind(userId)}`,
      ];
    }
    const limit = since ? `AND created_at >= ${bind(since)}` : '';
    const live = `user_id = ${bind(userId)} AND revoked_at IS NULL ${limit}`;
    return [`UPDATE api_keys SET revoked_at = ${bind(at)} WHERE ${live}`];
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
    return [`UPDATE api_keys SET revoked_at = ${bind(at)} WHERE ${live}`];
  }
}
