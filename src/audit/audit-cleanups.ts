import { Options } from '../config/options.js';
import { type CleanupTask, deleting } from '../kernel/cleanup-task.js';
import { auditOptions } from './audit-options.js';

const DAY = 86_400;
const DEAD_LETTERS_KEPT_DAYS = 30;

/** Old events, the only ones that are ever deleted, and deliveries that were given up long ago. */
export function auditCleanups(options: Options): CleanupTask[] {
  const { auditRetentionDays } = options.of(auditOptions);
  const deadLetters = deleting('audit_outbox', 'dead_at', DEAD_LETTERS_KEPT_DAYS * DAY);
  return auditRetentionDays === 0 ? [deadLetters] : [deadLetters, events(auditRetentionDays * DAY)];
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
