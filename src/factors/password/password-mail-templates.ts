import { defineMailTemplates } from '../../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, ONCE, SAMPLE, WHEN } from '../../mail/templates/phrases.js';

export const passwordMailTemplates = defineMailTemplates({
  'password-reset': {
    about: 'To a user who requested it. The link lets them choose a new password.',
    sample: SAMPLE.link,
    subject: 'Reset your password',
    opening:
      'A password reset was requested for your account at <%= it.site %>. If you requested it, follow the link to choose a new password.',
    link: 'Choose a new password',
    rest: [ONCE, 'If you did not, ignore this e-mail. Your password does not change.'],
  },
  'account-taken-back': {
    about:
      'To the former mailbox of an account that was taken back although its address now belongs to another account. The link lets the owner choose a password. `loginEmail`: the substitute address to sign in with.',
    sample: { ...SAMPLE.link, loginEmail: '0b0c4a52-6c0e-4d0b-a5a7-0f4f2b8f1f11@taken-back.invalid' },
    subject: 'Your account is yours again',
    opening:
      'You took back your account at <%= it.site %>, but its former e-mail address now belongs to another account. Follow the link to choose a new password.',
    link: 'Choose a new password',
    rest: [
      ONCE,
      'Then sign in with <%= it.loginEmail %> as your e-mail address, and change it to an address of yours. Until then you cannot receive any e-mail from us.',
    ],
  },
  'password-changed': {
    about: 'To a user whose password was changed.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: null },
    subject: 'Your password was changed',
    opening: 'The password of your account at <%= it.site %> was changed. All other sessions were ended.',
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
