import { defineOptions, integer } from '../config/option-section.js';

export interface AuditOptions {
  readonly auditRetentionDays: number;
}

export const auditOptions = defineOptions<AuditOptions>({
  title: 'Audit',
  specs: {
    auditRetentionDays: integer({
      default: 365,
      min: 0,
      max: 36_500,
      shape: 'days, 0 to 36500',
      description: 'Retention time of audit events. 0: events are kept forever.',
    }),
  },
});
