import type { Metric } from '../../kernel/metric.js';
import type { HashGate } from './hash-gate.js';

/** How busy the hashing of passwords is. */
export function hashMetrics(gate: HashGate): Metric[] {
  return [
    {
      kind: 'gauge',
      name: 'coatcheck_hashes_running',
      help: 'Passwords being hashed.',
      readValue: () => gate.running,
    },
    {
      kind: 'gauge',
      name: 'coatcheck_hashes_waiting',
      help: 'Passwords in line to be hashed.',
      readValue: () => gate.waiting,
    },
    {
      kind: 'histogram',
      name: 'coatcheck_hash_wait_seconds',
      help: 'How long passwords waited in line until they were hashed; the ones that gave up are not in it.',
      readValue: () => gate.waits,
    },
  ];
}
