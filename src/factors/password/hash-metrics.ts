import { defineMetrics, type Metric, metricsOf } from '../../kernel/metric.js';
import type { HashGate } from './hash-gate.js';

export const hashMetricDescriptions = defineMetrics({
  coatcheck_hashes_running: { kind: 'gauge', help: 'Passwords that are being hashed.' },
  coatcheck_hashes_waiting: { kind: 'gauge', help: 'Passwords that wait in the queue to be hashed.' },
  coatcheck_hash_wait_seconds: {
    kind: 'histogram',
    help: 'Time that passwords waited in the queue before they were hashed. Passwords that were refused after waiting are not included.',
  },
});

/** How busy the hashing of passwords is. */
export function hashMetrics(gate: HashGate): Metric[] {
  return metricsOf(hashMetricDescriptions, {
    coatcheck_hashes_running: () => gate.running,
    coatcheck_hashes_waiting: () => gate.waiting,
    coatcheck_hash_wait_seconds: () => gate.waits,
  });
}
