import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { ONCE, SAMPLE } from '../mail/templates/phrases.js';

export const lockoutMailTemplates = defineMailTemplates({
  'user-locked': {
    about: 'To a user whose account was locked after too many wrong passwords. The link unlocks it.',
    sample: SAMPLE.link,
    subject: 'Your account is locked',
    opening:
      'Too many wrong passwords were entered for your account at <%= it.site %>. Signing in from new devices is locked for a while. Follow the link to unlock it now.',
    link: 'Unlock your account',
    rest: [ONCE, 'If you did not enter them, choose a strong password. There is nothing else to do.'],
  },
  'factor-guesses': {
    about:
      'To a user for whom many wrong codes were entered in a row, each after the correct password. The link allows codes again at once. `failures`: number of wrong codes.',
    sample: { ...SAMPLE.link, failures: 5 },
    subject: 'Wrong codes were entered for your account',
    opening:
      'Your password was entered at <%= it.site %>, followed by <%= it.failures %> wrong codes in a row. If it was you, follow the link to enter codes again at once.',
    link: 'Allow codes again',
    rest: [
      ONCE,
      'If it was not you, another person knows your password. Reset it now, and do not follow the link. None of these codes gave access to your account. Signing in with a passkey works as before.',
    ],
  },
});

declare module '../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'user-locked': LinkValues;
    readonly 'factor-guesses': LinkValues & { readonly failures: number };
  }
}
