import { defineMailTemplates } from '../../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, ONCE, SAMPLE, WHEN } from '../../mail/templates/phrases.js';

export const passwordMailTemplates = defineMailTemplates({
  'password-reset': {
    about: 'To a user who asked for it: the link lets them choose a new password.',
    sample: SAMPLE.link,
    subject: 'Reset your password',
    opening:
      'Somebody asked to reset the password of your account at <%= it.site %>. If it was you, follow the link to choose a new one.',
    link: 'Choose a new password',
    rest: [ONCE, 'If it was not you, ignore this mail: your password stays as it is.'],
  },
  'account-taken-back': {
    about:
      'To the former mailbox of an account that was taken back and whose address is a stand-in now, `loginEmail`: the link lets its owner choose a password.',
    sample: { ...SAMPLE.link, loginEmail: '0b0c4a52-6c0e-4d0b-a5a7-0f4f2b8f1f11@taken-back.invalid' },
    subject: 'Your account is yours again',
    opening:
      'You have taken your account at <%= it.site %> back, but its former e-mail address belongs to another account by now. Follow the link to choose a new password.',
    link: 'Choose a new password',
    rest: [
      ONCE,
      'Then log in with <%= it.loginEmail %> as your e-mail address, and change it to one of yours: nothing can be mailed to you before.',
    ],
  },
  'password-changed': {
    about: 'The password was changed.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: null },
    subject: 'Your password was changed',
    opening: 'The password of your account at <%= it.site %> was changed, and every other session was ended.',
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
  },
});

declare module '../../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'password-reset': LinkValues;
    readonly 'account-taken-back': LinkValues & { readonly loginEmail: string };
    readonly 'password-changed': EventValues & NotMeValues;
  }
}
