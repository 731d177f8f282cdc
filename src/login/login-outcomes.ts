import { Injectable } from '@nestjs/common';
import { toAuthError } from '../http/problem-details.filter.js';
import { defineMetrics, type Metric, type MetricValue, metricsOf } from '../kernel/metric.js';

/** What steps of logins came to: `authenticated` or what is due, or the code of the refusal. */
@Injectable()
export class LoginOutcomes {
  private readonly counts = new Map<string, number>([['authenticated', 0]]);

  /** Counts what the login comes to, and hands it on. */
  async counted<T extends { readonly status: string }>(login: Promise<T>): Promise<T> {
    try {
      const result = await login;
      this.count(result.status);
      return result;
    } catch (error) {
      this.count(toAuthError(error).code);
      throw error;
    }
  }

  metricValues(): MetricValue<number>[] {
    return [...this.counts].map(([outcome, value]) => ({ labels: { outcome }, value }));
  }

  private count(outcome: string): void {
    this.counts.set(outcome, (this.counts.get(outcome) ?? 0) + 1);
  }
}

export const loginMetricDescriptions = defineMetrics({
  coatcheck_logins_total: {
    kind: 'counter',
    help: 'Login steps by outcome: `authenticated`, the step that is due next, or the error code. Requests with an invalid body are not counted.',
    labels: ['outcome'],
  },
});

export function loginMetrics(outcomes: LoginOutcomes): Metric[] {
  return metricsOf(loginMetricDescriptions, {
    coatcheck_logins_total: () => outcomes.metricValues(),
  });
}
