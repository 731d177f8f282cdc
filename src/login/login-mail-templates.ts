import { defineMailTemplates } from '../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, ONCE, SAMPLE, WHEN } from '../mail/templates/phrases.js';

export const loginMailTemplates = defineMailTemplates({
  'new-device': {
    about: 'Somebody signed in from a device that was not used before.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: 'Firefox on Linux' },
    subject: 'New sign-in to your account',
    opening: 'Somebody signed in to your account at <%= it.site %> from a device that was not used before.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
  },
  'factor-notice': {
    about: 'A way to sign in was changed or tried; `what` is a sentence without its full stop.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: null, what: 'An authenticator app was added' },
    subject: 'How you sign in',
    opening: '<%= it.what %>. This is about your account at <%= it.site %>.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
  },
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
    readonly 'new-device': EventValues & NotMeValues;
    readonly 'factor-notice': EventValues & NotMeValues & { readonly what: string };
    readonly 'user-locked': LinkValues;
    readonly 'factor-guesses': LinkValues & { readonly failures: number };
  }
}
