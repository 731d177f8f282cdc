import { defineMetrics, type Metric, metricsOf } from '../../kernel/metric.js';
import type { HashGate } from './hash-gate.js';

export const hashMetricDescriptions = defineMetrics({
  coatcheck_hashes_running: { kind: 'gauge', help: 'Passwords being hashed.' },
  coatcheck_hashes_waiting: { kind: 'gauge', help: 'Passwords in line to be hashed.' },
  coatcheck_hash_wait_seconds: {
    kind: 'histogram',
    help: 'How long passwords waited in line until they were hashed; the ones that gave up are not in it.',
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
