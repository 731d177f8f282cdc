import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';

export const verificationMailTemplates = defineMailTemplates({
  'email-verification': {
    about: 'To an address that was registered with: the link verifies it. `at`: when it was registered.',
    sample: { ...SAMPLE.link, at: SAMPLE.at },
    subject: 'Verify your e-mail address',
    opening:
      'Somebody registered at <%= it.site %> with this e-mail address on <%= it.at %>. If it was you, follow the link to verify the address.',
    link: 'Verify the address',
    rest: [
      ONCE,
      'Follow it only if you registered yourself at that time: it is good for the password that was chosen then. If it was not you, do not follow it: nothing happens then.',
    ],
  },
  'address-taken': {
    about: 'To a user at whose address somebody registers, or to which somebody wants to move an account.',
    sample: {},
    subject: 'You already have an account',
    opening: 'Somebody tried to use this e-mail address at <%= it.site %>, but there is an account with it already.',
    rest: [
      'If it was you, log in with the password of that account, or have a link mailed to choose a new one. Nothing that was just given was kept.',
      'If it was not you, ignore this mail: nothing has changed.',
    ],
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'email-verification': LinkValues & { readonly at: string };
    readonly 'address-taken': Readonly<Record<never, never>>;
  }
}
