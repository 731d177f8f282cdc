import type { Room } from '../../config/room.js';
import { deleting } from '../../kernel/chore.js';
import { PostgresStorage } from './postgres.storage.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';
import { SessionEntity } from './session.entity.js';

const DAY = 86_400;

/** `SESSION_STORE=postgres`. */
export const postgresRoom: Room = {
  name: 'postgres',
  chores: { useFactory: () => [deleting('sessions', 'absolute_expires_at', DAY)] },
  entities: [SessionEntity, RefreshTokenEntity],
  storages: { postgres: PostgresStorage },
};
