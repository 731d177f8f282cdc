import { Options } from '../config/options.js';
import { type CleanupTask, deleting } from '../kernel/cleanup-task.js';
import { auditCountCleanup } from './audit-count-cleanup.js';
import { auditOptions } from './audit-options.js';

const DAY = 86_400;
const DEAD_LETTERS_KEPT_DAYS = 30;

/** Counts hours; deletes old events, the only ones that are ever deleted, with their counts, and deliveries that were given up long ago. */
export function auditCleanups(options: Options): CleanupTask[] {
  const { auditRetentionDays } = options.of(auditOptions);
  const deadLetters = deleting('audit_outbox', 'dead_at', DEAD_LETTERS_KEPT_DAYS * DAY);
  const always = [auditCountCleanup, deadLetters];
  if (auditRetentionDays === 0) return always;
  const kept = auditRetentionDays * DAY;
  return [...always, events(kept), deleting('audit_counts', 'hour', kept)];
}

function events(keptSeconds: number): CleanupTask {
  const oldEvents = deleting('audit_events', 'at', keptSeconds);
  return {
    name: oldEvents.name,
    deleteExpired: async (within, now, limit) => {
      // For this transaction only: see the trigger in the migration.
      await within.query(`SELECT set_config('coatcheck.audit_retention', 'on', true)`);
      return oldEvents.deleteExpired(within, now, limit);
    },
  };
}
