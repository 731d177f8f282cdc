import { type ConfigurationProblem, defineOptions, list, seconds } from '../config/option-section.js';

export interface AccessOptions {
  readonly corsOrigins: readonly string[];
  readonly stepUpSeconds: number;
}

export const accessOptions = defineOptions<AccessOptions>({
  title: 'Access',
  specs: {
    corsOrigins: list({
      default: [],
      shape: 'origins',
      each: isOrigin,
      description: 'Pages of these exact origins may call this service with credentials. None by default.',
    }),
    stepUpSeconds: seconds({
      default: 600,
      min: 10,
      max: 86_400,
      description:
        'How old the last proof may be where a route asks for a fresh one (`@StepUp()`), as those that change factors do.',
    }),
  },
  check: ({ corsOrigins, nodeEnv }): ConfigurationProblem[] => {
    if (nodeEnv !== 'production' || corsOrigins.every((origin) => origin.startsWith('https:'))) return [];
    const problem = 'has a plain http origin: whoever controls the network controls its pages';
    return [{ option: 'corsOrigins', problem, remedy: 'list https origins only, e.g. https://app.example.com' }];
  },
});

/** Exactly as a browser writes it: no `*`, no `null`, no path, no trailing slash. */
function isOrigin(text: string): boolean {
  // A URL may have an asterisk in its host, where it is nothing special.
  if (text.includes('*')) return false;
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}
