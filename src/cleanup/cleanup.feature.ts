import type { Feature } from '../config/feature.js';
import { cleanupOptions } from './cleanup-options.js';
import { CleanupScheduler } from './cleanup-scheduler.js';

export const cleanupFeature: Feature = { name: 'cleanup', options: cleanupOptions, providers: [CleanupScheduler] };
