import { type ConfigurationProblem, defineOptions, optionalText, seconds, text } from '../config/option-section.js';
import { pageProblems } from '../users/page-problems.js';

export interface AdminOptions {
  readonly bootstrapToken: string | undefined;
  readonly impersonationSeconds: number;
  readonly invitationSeconds: number;
  readonly invitationUrl: string;
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
    invitationSeconds: seconds({
      default: 604_800,
      min: 300,
      max: 2_592_000,
      description: 'Lifetime of an invitation.',
    }),
    invitationUrl: text({
      isShown: true,
      default: '',
      shape: 'URL',
      description:
        'Page that the mailed invitation opens, with `?token=` appended. Empty: `<PUBLIC_URL>/auth/invitation`.',
    }),
  },
  validate: ({ bootstrapToken, invitationUrl, nodeEnv }): ConfigurationProblem[] => [
    ...tokenProblems(bootstrapToken, nodeEnv),
    ...pageProblems('invitationUrl', invitationUrl, nodeEnv),
  ],
});

function tokenProblems(bootstrapToken: string | undefined, nodeEnv: unknown): ConfigurationProblem[] {
  if (nodeEnv !== 'production' || bootstrapToken === undefined || bootstrapToken.length >= LEAST_CHARACTERS) return [];
  const remedy = `generate one: node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`;
  return [{ option: 'bootstrapToken', problem: 'is short enough to be guessed', remedy }];
}
