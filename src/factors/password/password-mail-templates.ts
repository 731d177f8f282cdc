import { defineMailTemplates } from '../../mail/templates/mail-declaration.js';
import { IF_ME, NOT_ME, NOT_ME_LINK, ONCE, SAMPLE, WHEN } from '../../mail/templates/phrases.js';

export const passwordMailTemplates = defineMailTemplates({
  'password-reset': {
    about: 'To a user who requested it. The link lets them choose a new password.',
    sample: SAMPLE.link,
    link: 'choose',
    rest: [ONCE, 'not-me'],
    words: {
      en: {
        subject: 'Reset your password',
        opening:
          'A password reset was requested for your account at {site}. If you requested it, follow the link to choose a new password.',
        choose: 'Choose a new password',
        'not-me': 'If you did not, ignore this e-mail. Your password does not change.',
      },
      de: {
        subject: 'Setzen Sie Ihr Passwort zurück',
        opening:
          'Für Ihr Konto bei {site} wurde ein neues Passwort angefordert. Wenn Sie das waren, wählen Sie es über den Link.',
        choose: 'Neues Passwort wählen',
        'not-me': 'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Ihr Passwort bleibt, wie es ist.',
      },
    },
  },
  'account-taken-back': {
    about:
      'To the former mailbox of an account that was taken back although its address now belongs to another account. The link lets the owner choose a password. `loginEmail`: the substitute address to sign in with.',
    sample: { ...SAMPLE.link, loginEmail: '0b0c4a52-6c0e-4d0b-a5a7-0f4f2b8f1f11@taken-back.invalid' },
    link: 'choose',
    rest: [ONCE, 'sign-in'],
    words: {
      en: {
        subject: 'Your account is yours again',
        opening:
          'You took back your account at {site}, but its former e-mail address now belongs to another account. Follow the link to choose a new password.',
        choose: 'Choose a new password',
        'sign-in':
          'Then sign in with {loginEmail} as your e-mail address, and change it to an address of yours. Until then you cannot receive any e-mail from us.',
      },
      de: {
        subject: 'Ihr Konto gehört wieder Ihnen',
        opening:
          'Sie haben Ihr Konto bei {site} zurückgeholt, aber seine frühere E-Mail-Adresse gehört inzwischen zu einem anderen Konto. Wählen Sie über den Link ein neues Passwort.',
        choose: 'Neues Passwort wählen',
        'sign-in':
          'Melden Sie sich danach mit {loginEmail} als E-Mail-Adresse an, und tragen Sie eine eigene Adresse ein. Bis dahin können Sie keine E-Mails von uns erhalten.',
      },
    },
  },
  'sign-in-elsewhere': {
    about:
      'To an address that was entered to register or to reset a password, but whose domain signs in with an outside provider only. `provider`: what that is called.',
    sample: { provider: 'Example' },
    rest: ['not-me'],
    words: {
      en: {
        subject: 'You sign in with {provider}',
        opening:
          'This e-mail address was entered at {site} to register or to choose a password. People at your organization sign in with {provider} instead, so no password is needed: choose {provider} when you sign in.',
        'not-me': 'If it was not you, ignore this e-mail. Nothing has changed.',
      },
      de: {
        subject: 'Sie melden sich mit {provider} an',
        opening:
          'Diese E-Mail-Adresse wurde bei {site} für eine Registrierung oder ein neues Passwort eingegeben. Ihre Organisation meldet sich stattdessen mit {provider} an, deshalb brauchen Sie kein Passwort: Wählen Sie bei der Anmeldung {provider}.',
        'not-me': 'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Es hat sich nichts geändert.',
      },
    },
  },
  'password-changed': {
    about: 'To a user whose password was changed.',
    sample: { ...SAMPLE.notMe, at: SAMPLE.at, device: null },
    ...NOT_ME_LINK,
    rest: [WHEN, IF_ME, NOT_ME],
    words: {
      en: {
        subject: 'Your password was changed',
        opening: 'The password of your account at {site} was changed. All other sessions were ended.',
      },
      de: {
        subject: 'Ihr Passwort wurde geändert',
        opening: 'Das Passwort Ihres Kontos bei {site} wurde geändert. Alle anderen Sitzungen wurden beendet.',
      },
    },
  },
});

declare module '../../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'password-reset': LinkValues;
    readonly 'account-taken-back': LinkValues & { readonly loginEmail: string };
    readonly 'sign-in-elsewhere': { readonly provider: string };
    readonly 'password-changed': EventValues & NotMeValues;
  }
}
