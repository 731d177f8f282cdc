import type { Measurement } from './row.js';
import { authenticatedGet } from './rows/authenticated-get.js';

/** All of them, in the order of the table. */
export const measurements: readonly Measurement[] = [authenticatedGet];
