import { type ConfigurationProblem, defineOptions, optionalText, seconds } from '../config/option-section.js';

export interface AdminOptions {
  readonly bootstrapToken: string | undefined;
  readonly impersonationSeconds: number;
}

/** Fewer could be guessed at the door. */
const LEAST_CHARACTERS = 24;

export const adminOptions = defineOptions<AdminOptions>({
  title: 'Admin',
  specs: {
    bootstrapToken: optionalText({
      shape: `text, in production at least ${LEAST_CHARACTERS} characters`,
      description: 'Token that creates the first admin, once. Absent: the service prints one at its first start.',
    }),
    impersonationSeconds: seconds({
      default: 3600,
      min: 60,
      max: 3600,
      description: 'How long an admin may act as a user.',
    }),
  },
  validate: ({ bootstrapToken, nodeEnv }): ConfigurationProblem[] => {
    if (nodeEnv !== 'production' || bootstrapToken === undefined || bootstrapToken.length >= LEAST_CHARACTERS)
      return [];
    const remedy = `generate one: node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`;
    return [{ option: 'bootstrapToken', problem: 'is short enough to be guessed', remedy }];
  },
});
