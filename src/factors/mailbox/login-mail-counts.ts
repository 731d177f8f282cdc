import { Injectable } from '@nestjs/common';
import { defineMetrics, type Metric, metricsOf } from '../../kernel/metric.js';

/** What came of a request for a mail. */
const OUTCOMES = ['requested', 'sent', 'withheld'] as const;

/** Requests to sign in by e-mail, and what was mailed. */
@Injectable()
export class LoginMailCounts {
  private readonly counts = new Map<string, number>(OUTCOMES.map((outcome) => [outcome, 0]));

  count(outcome: (typeof OUTCOMES)[number]): void {
    this.counts.set(outcome, this.counts.get(outcome)! + 1);
  }

  metricValues() {
    return [...this.counts].map(([outcome, value]) => ({ labels: { outcome }, value }));
  }
}

export const loginMailMetricDescriptions = defineMetrics({
  coatcheck_login_mails_total: {
    kind: 'counter',
    help: 'Sign-in e-mails by outcome: `requested`, `sent` when one is written, `withheld` when none is due, e.g. because the address has no user.',
    labels: ['outcome'],
  },
});

export function loginMailMetrics(counts: LoginMailCounts): Metric[] {
  return metricsOf(loginMailMetricDescriptions, { coatcheck_login_mails_total: () => counts.metricValues() });
}
