import type { Figure } from '../../kernel/figure.js';
import type { HashGate } from './hash-gate.js';

/** How busy the hashing of passwords is. */
export function hashFigures(gate: HashGate): Figure[] {
  return [
    {
      kind: 'gauge',
      name: 'coatcheck_hashes_running',
      help: 'Passwords being hashed.',
      read: () => gate.running,
    },
    {
      kind: 'gauge',
      name: 'coatcheck_hashes_waiting',
      help: 'Passwords in line to be hashed.',
      read: () => gate.waiting,
    },
    {
      kind: 'durations',
      name: 'coatcheck_hash_wait_seconds',
      help: 'How long passwords waited in line until they were hashed; the ones that gave up are not in it.',
      read: () => gate.waits,
    },
  ];
}
