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
        'Whether a logout answers when no node accepts the ticket any more, or at once; the others then follow within `NODE_LEASE_SECONDS`.',
    }),
    nodeLeaseSeconds: seconds({
      default: 3,
      min: 1,
      max: 60,
      description: 'How long a node may answer without hearing from the store, and a dead one delays a logout, once.',
    }),
    sessionViewSize: integer({
      default: 100_000,
      min: 0,
      max: 10_000_000,
      description:
        'Sessions a node keeps in memory, the longest unused making room. 0: ask the store at every request.',
    }),
  },
});
