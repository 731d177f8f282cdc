import { choice, defineOptions, integer, seconds } from '../config/option-section.js';

export interface RevocationOptions {
  readonly revocationGuarantee: 'acknowledged' | 'bounded';
  readonly nodeLeaseSeconds: number;
  readonly sessionViewSize: number;
}

export const revocationOptions = defineOptions<RevocationOptions>({
  title: 'Revocation',
  specs: {
    revocationGuarantee: choice({
      default: 'acknowledged',
      of: ['acknowledged', 'bounded'],
      description:
        'When a logout is answered. `acknowledged`: when no node accepts the ticket any more. `bounded`: at once; the other nodes follow within `NODE_LEASE_SECONDS`.',
    }),
    nodeLeaseSeconds: seconds({
      default: 3,
      min: 1,
      max: 60,
      description:
        'How long a node may answer from its view without hearing from the store. A node that dies delays a logout by at most this time, once.',
    }),
    sessionViewSize: integer({
      default: 100_000,
      min: 0,
      max: 10_000_000,
      description:
        'Maximum sessions a node keeps in memory; the least recently used are dropped first. 0: every request asks the store.',
    }),
  },
});
