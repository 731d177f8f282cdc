import type { Feature } from '../../config/feature.js';
import { deleting } from '../../kernel/cleanup-task.js';
import { PostgresStorage } from './postgres.storage.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';
import { SessionEntity } from './session.entity.js';

const DAY = 86_400;

/** `SESSION_STORE=postgres`. */
export const postgresFeature: Feature = {
  name: 'postgres',
  cleanups: { useFactory: () => [deleting('sessions', 'absolute_expires_at', DAY)] },
  entities: [SessionEntity, RefreshTokenEntity],
  storages: { postgres: PostgresStorage },
};
