import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';

export const lockoutMailTemplates = defineMailTemplates({
  'user-locked': {
    about: 'Too many wrong passwords were tried: the link unlocks the account.',
    sample: SAMPLE.link,
    subject: 'Your account is locked',
    opening:
      'There were too many wrong passwords for your account at <%= it.site %>, so logging in from new devices is locked for a while. Follow the link to unlock it now.',
    link: 'Unlock the account',
    rest: [ONCE, 'If the wrong passwords were not yours, choose a strong password; there is nothing else to do.'],
  },
  'factor-guesses': {
    about:
      'Many wrong codes in a row, each after a right password: the link lets codes be tried again at once. `failures`: how many.',
    sample: { ...SAMPLE.link, failures: 5 },
    subject: 'Wrong codes for your account',
    opening:
      'Your password was entered at <%= it.site %>, and then <%= it.failures %> wrong codes in a row. If it was you, follow the link to be able to enter codes again at once.',
    link: 'Allow codes again',
    rest: [
      ONCE,
      'If it was not you, somebody knows your password: reset it now, and do not follow the link. Nobody got in by these codes. Signing in with a passkey works as before.',
    ],
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'user-locked': LinkValues;
    readonly 'factor-guesses': LinkValues & { readonly failures: number };
  }
}
