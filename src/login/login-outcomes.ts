import { Injectable } from '@nestjs/common';
import { OutcomeCounts } from '../http/outcome-counts.js';
import { defineMetrics, type Metric, metricsOf } from '../kernel/metric.js';

/** Results of the steps of logins: `authenticated` or the step that is due next, or the code of the refusal. */
@Injectable()
export class LoginOutcomes extends OutcomeCounts<{ readonly status: string }> {
  constructor() {
    super('authenticated', ({ status }) => status);
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
