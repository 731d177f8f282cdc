import type { Room } from '../../config/room.js';
import { PostgresStorage } from './postgres.storage.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';
import { SessionEntity } from './session.entity.js';

/** `SESSION_STORE=postgres`. */
export const postgresRoom: Room = {
  name: 'postgres',
  entities: [SessionEntity, RefreshTokenEntity],
  storages: { postgres: PostgresStorage },
};
