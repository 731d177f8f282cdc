import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { Clock } from '../../kernel/clock.js';
import { RevocationPolicy } from '../../sessions/revocation-policy.js';
import { SecurityChangeHooks } from '../../users/security-change.hooks.js';
import { ApiKeyEntity } from './api-key.entity.js';

/**
 * Revokes keys in the transaction of the changes that say so (P-11). It need not announce them: every such change announces the
 * user, by which no node goes on with what it knew of the user's keys.
 */
@Injectable()
export class StaleApiKeys {
  constructor(hooks: SecurityChangeHooks, policy: RevocationPolicy, clock: Clock) {
    hooks.onEvery(async ({ name, userId }, manager) => {
      if (!policy.ruleFor(name).apiKeys) return;
      await manager.update(ApiKeyEntity, { userId, revokedAt: IsNull() }, { revokedAt: clock.now() });
    });
    hooks.on('user_deleted', async ({ userId }, manager) => {
      await manager.query('DELETE FROM api_key_usage WHERE key_id IN (SELECT id FROM api_keys WHERE user_id = $1)', [
        userId,
      ]);
      await manager.delete(ApiKeyEntity, { userId });
    });
  }
}
