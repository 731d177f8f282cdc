import { type ConfigurationProblem, flag, seconds, text } from '../../../config/option-section.js';

export interface BreachedOptions {
  readonly breachedPasswordsFile: string;
  readonly breachedPasswordsUrl: string;
  readonly breachedPasswordsSeconds: number;
  readonly breachedPasswordsFailOpen: boolean;
}

/** Part of the options of passwords. */
export const breachedSpecs = {
  breachedPasswordsFile: text({
    default: '',
    shape: 'file',
    description:
      'File of SHA-1 hashes of breached passwords, one per line in ascending order (Pwned Passwords, ordered by hash). New passwords in it are refused.',
  }),
  breachedPasswordsUrl: text({
    default: '',
    shape: 'URL',
    description:
      'Range service that is asked whether a new password is known from a breach, e.g. `https://api.pwnedpasswords.com/range/`. It receives five characters of the SHA-1 hash, nothing else. Empty: none.',
  }),
  breachedPasswordsSeconds: seconds({
    default: 3,
    min: 1,
    max: 8,
    description: 'How long a check for breached passwords may take.',
  }),
  breachedPasswordsFailOpen: flag({
    default: true,
    description:
      'Whether a new password is accepted if the check for breached passwords fails or takes too long. `false`: the request is refused with 503.',
  }),
};

export function breachedProblems({
  breachedPasswordsUrl: url,
  nodeEnv,
}: BreachedOptions & { readonly nodeEnv?: unknown }): ConfigurationProblem[] {
  if (url === '') return [];
  const allowed = nodeEnv === 'production' ? /^https:$/ : /^https?:$/;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed && allowed.test(parsed.protocol) && parsed.username === '' && /[/=]$/.test(url)) return [];
  const problem = 'is not the address of a range service, or uses plain http in production';
  return [{ option: 'breachedPasswordsUrl', problem, remedy: 'set it to e.g. https://api.pwnedpasswords.com/range/' }];
}
