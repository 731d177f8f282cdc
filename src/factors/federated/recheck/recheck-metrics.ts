import { Injectable } from '@nestjs/common';
import { defineMetrics, type Metric, metricsOf } from '../../../kernel/metric.js';

/** How a look at a login elsewhere ended. */
export type CheckOutcome = 'live' | 'revoked' | 'unanswered';

/** Outcomes of looks at logins elsewhere, since the process started. */
@Injectable()
export class RecheckTally {
  readonly checks = new Map<CheckOutcome, number>([
    ['live', 0],
    ['revoked', 0],
    ['unanswered', 0],
  ]);
  readonly ends = new Map<string, number>();

  checked(outcome: CheckOutcome): void {
    this.checks.set(outcome, this.checks.get(outcome)! + 1);
  }

  ended(reason: string, count: number): void {
    this.ends.set(reason, (this.ends.get(reason) ?? 0) + count);
  }
}

export const recheckMetricDescriptions = defineMetrics({
  coatcheck_federated_checks_total: {
    kind: 'counter',
    help: 'Looks at logins with outside providers, by outcome: live, revoked, or unanswered (no answer that means something).',
    labels: ['outcome'],
  },
  coatcheck_federated_sessions_ended_total: {
    kind: 'counter',
    help: 'Sessions that ended because the login with an outside provider that they rested on did, by reason.',
    labels: ['reason'],
  },
});

/** Whether outside providers answer, and what they say. */
export function recheckMetrics({ checks, ends }: RecheckTally): Metric[] {
  return metricsOf(recheckMetricDescriptions, {
    coatcheck_federated_checks_total: () => [...checks].map(([outcome, value]) => ({ labels: { outcome }, value })),
    coatcheck_federated_sessions_ended_total: () => [...ends].map(([reason, value]) => ({ labels: { reason }, value })),
  });
}
