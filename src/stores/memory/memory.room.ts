import type { Room } from '../../config/room.js';
import { MemoryStorage } from './memory.storage.js';

/** `SESSION_STORE=memory`. */
export const memoryRoom: Room = { name: 'memory', storages: { memory: MemoryStorage } };
