import { isIP } from 'node:net';
import { type ConfigurationProblem, defineOptions, list, optionalText, seconds } from '../../config/option-section.js';

export interface FederatedOptions {
  readonly federated: string | undefined;
  readonly federatedRecheckSeconds: number;
  readonly federatedGraceSeconds: number;
  readonly federatedInternalAddresses: readonly string[];
  readonly federatedTimeoutSeconds: number;
}

const DAY = 86_400;

export const federatedOptions = defineOptions<FederatedOptions>({
  title: 'Signing in with outside providers',
  specs: {
    federated: optionalText({
      shape: 'path of a JSON file',
      isShown: true,
      description: 'Connections to outside providers, in addition to those in the database.',
    }),
    federatedRecheckSeconds: seconds({
      default: 3600,
      min: 60,
      max: 30 * DAY,
      description:
        'Interval at which a provider is asked again about each session that rests on a login there. The end of that login is noticed within this time plus 10 %, if the provider can be asked.',
    }),
    federatedGraceSeconds: seconds({
      default: DAY,
      min: 0,
      max: 30 * DAY,
      description: 'How long such a session continues while its provider does not answer. Then it ends.',
    }),
    federatedInternalAddresses: list({
      isShown: true,
      default: [],
      shape: 'IP addresses, comma-separated',
      each: (item) => isIP(item) > 0,
      description: 'Addresses in internal networks at which outside providers may nevertheless be reached.',
    }),
    federatedTimeoutSeconds: seconds({
      default: 5,
      min: 1,
      max: 30,
      description: 'Time limit for each answer of an outside provider.',
    }),
  },
  validate: (): ConfigurationProblem[] => [],
});
