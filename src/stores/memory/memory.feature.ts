import type { Feature } from '../../config/feature.js';
import { MemoryStorage } from './memory.storage.js';

/** `SESSION_STORE=memory`. */
export const memoryFeature: Feature = { name: 'memory', storages: { memory: MemoryStorage } };
