import type { Room } from './config/room.js';
import { passwordRoom } from './factors/password/password.room.js';
import type { PasswordOptions } from './factors/password/password-options.js';
import { memoryRoom } from './stores/memory/memory.room.js';
import { postgresRoom } from './stores/postgres/postgres.room.js';
import { jwtRoom } from './strategies/jwt/jwt.room.js';
import type { JwtOptions } from './strategies/jwt/jwt-options.js';
import { sessionRoom } from './strategies/session/session.room.js';

/** The factors, strategies and stores that come with Coatcheck: one import and one name each. */
export const builtInPlugins: readonly Room[] = [passwordRoom, sessionRoom, jwtRoom, postgresRoom, memoryRoom];

/** What they let one configure. */
export type PluginOptions = PasswordOptions & JwtOptions;
