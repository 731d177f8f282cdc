import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';

export const verificationMailTemplates = defineMailTemplates({
  'email-verification': {
    about: 'To an address that was used to register. The link verifies it. `at`: when it was registered.',
    sample: { ...SAMPLE.link, at: SAMPLE.at },
    subject: 'Verify your e-mail address',
    opening:
      'This e-mail address was used to register at <%= it.site %> on <%= it.at %>. If it was you, follow the link to verify the address.',
    link: 'Verify the address',
    rest: [
      ONCE,
      'Follow the link only if you registered at that time: it activates the password that was chosen then. If it was not you, do not follow the link. Nothing happens then.',
    ],
  },
  'address-taken': {
    about: 'To a user whose address was used for another registration, or as the new address of another account.',
    sample: {},
    subject: 'You already have an account',
    opening:
      'This e-mail address was entered at <%= it.site %> to register or to change an address, but it already belongs to your account.',
    rest: [
      'If it was you, sign in with the password of that account, or request a link to choose a new password. The data that was just entered was not stored.',
      'If it was not you, ignore this e-mail. Nothing has changed.',
    ],
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'email-verification': LinkValues & { readonly at: string };
    readonly 'address-taken': Readonly<Record<never, never>>;
  }
}
