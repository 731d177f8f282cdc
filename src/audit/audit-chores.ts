import { Options } from '../config/options.js';
import { type Chore, deleting } from '../kernel/chore.js';
import { auditOptions } from './audit-options.js';

const DAY = 86_400;
const DEAD_LETTERS_KEPT_DAYS = 30;

/** Old events, the only ones that are ever deleted, and deliveries that were given up long ago. */
export function auditChores(options: Options): Chore[] {
  const { auditRetentionDays } = options.of(auditOptions);
  const deadLetters = deleting('audit_outbox', 'dead_at', DEAD_LETTERS_KEPT_DAYS * DAY);
  return auditRetentionDays === 0 ? [deadLetters] : [deadLetters, events(auditRetentionDays * DAY)];
}

function events(keptSeconds: number): Chore {
  const oldEvents = deleting('audit_events', 'at', keptSeconds);
  return {
    name: oldEvents.name,
    tidy: async (within, now, limit) => {
      // For this transaction only: see the trigger in the migration.
      await within.query(`SELECT set_config('coatcheck.audit_retention', 'on', true)`);
      return oldEvents.tidy(within, now, limit);
    },
  };
}
