import { choice, defineOptions, flag, list, text } from '../config/option-section.js';
import { canonicalEmail } from '../kernel/email-address.js';

export interface UsersOptions {
  readonly emailVerification: 'required' | 'optional';
  readonly selfRegistration: boolean;
  readonly registrationDomains: readonly string[];
  readonly refusedMailDomainsFile: string;
}

export const usersOptions = defineOptions<UsersOptions>({
  title: 'Users',
  specs: {
    emailVerification: choice({
      of: ['required', 'optional'],
      default: 'required',
      description: 'Whether a login requires a verified e-mail address.',
    }),
    selfRegistration: flag({
      default: true,
      description: 'Whether people may register by themselves. `false`: only those whom an admin creates or invites.',
    }),
    registrationDomains: list({
      isShown: true,
      default: [],
      shape: 'domains, comma-separated',
      each: (domain) => canonicalEmail(`x@${domain}`) !== null,
      description:
        'Mail domains at which people may register, and to which they may change their address. Subdomains are separate. Empty: all.',
    }),
    refusedMailDomainsFile: text({
      isShown: true,
      default: '',
      shape: 'file',
      description:
        'File of mail domains at which people may not register, one per line; subdomains are included. For example a list of disposable addresses. Read at the start.',
    }),
  },
});
