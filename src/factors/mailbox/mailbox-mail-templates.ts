import { defineMailTemplates, type MailDeclaration, type MailWords } from '../../mail/templates/mail-declaration.js';
import { SAMPLE, WHEN } from '../../mail/templates/phrases.js';
import type { EventValues } from '../../mail/templates/template-values.js';

/** Values of a mail to sign in with: a link, a code, or both. */
export interface LoginMailValues extends EventValues {
  readonly url: string | null;
  readonly token: string | null;
  /** Eight digits, with a blank in the middle. */
  readonly code: string | null;
  readonly validSeconds: number;
}

const SHARED = {
  sample: { ...SAMPLE.link, validSeconds: 600, code: '4920 3917', at: SAMPLE.at, device: null },
  link: 'sign-in',
  isLinkOptional: true,
  isTokenHidden: true,
  rest: [{ given: 'code', word: 'code' }, 'once', WHEN, 'not-me'],
} satisfies Omit<MailDeclaration<LoginMailValues>, 'about' | 'words'>;

const EN = {
  code: 'Code: {code}',
  once: 'This works once and expires in {validFor}. Nobody who works for {site} ever asks you for it.',
} satisfies Partial<MailWords>;

const DE = {
  code: 'Code: {code}',
  once: 'Das funktioniert einmal und ist noch {validFor} gültig. Niemand, der für {site} arbeitet, fragt Sie danach.',
} satisfies Partial<MailWords>;

export const mailboxMailTemplates = defineMailTemplates({
  'login-mail': {
    about:
      'To a user whose address was entered to sign in by e-mail. `url`: the link, null if only a code is sent. `code`: the code, null if only a link is sent.',
    ...SHARED,
    words: {
      en: {
        subject: 'Sign in to {site}',
        opening: 'This e-mail address was entered to sign in at {site}. If it was you, continue with this e-mail.',
        'sign-in': 'Sign in',
        ...EN,
        'not-me':
          'If it was not you, ignore this e-mail, and give the code or the link to nobody. Nothing happens then.',
      },
      de: {
        subject: 'Bei {site} anmelden',
        opening:
          'Diese E-Mail-Adresse wurde eingegeben, um sich bei {site} anzumelden. Wenn Sie das waren, machen Sie mit dieser E-Mail weiter.',
        'sign-in': 'Anmelden',
        ...DE,
        'not-me':
          'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail, und geben Sie Code und Link an niemanden weiter. Dann geschieht nichts.',
      },
    },
  },
  'login-mail-new': {
    about:
      'To an address without a user that was entered to sign in by e-mail, where `MAIL_LOGIN_REGISTERS` is set: using it creates the account.',
    ...SHARED,
    words: {
      en: {
        subject: 'Create your account at {site}',
        opening:
          'This e-mail address was entered to sign in at {site}, and there is no account for it yet. If it was you, continue with this e-mail: it creates your account.',
        'sign-in': 'Create the account and sign in',
        ...EN,
        'not-me': 'If it was not you, ignore this e-mail. No account is created then.',
      },
      de: {
        subject: 'Ihr Konto bei {site}',
        opening:
          'Diese E-Mail-Adresse wurde eingegeben, um sich bei {site} anzumelden, und es gibt noch kein Konto dafür. Wenn Sie das waren, machen Sie mit dieser E-Mail weiter: Damit wird Ihr Konto angelegt.',
        'sign-in': 'Konto anlegen und anmelden',
        ...DE,
        'not-me': 'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Dann wird kein Konto angelegt.',
      },
    },
  },
  'login-mail-elsewhere': {
    about:
      'To an address that was entered to sign in by e-mail, but whose domain signs in with an outside provider only. `provider`: what that is called.',
    sample: { provider: 'Example' },
    rest: ['not-me'],
    words: {
      en: {
        subject: 'You sign in with {provider}',
        opening:
          'This e-mail address was entered to sign in at {site}. People at your organization sign in with {provider} instead: choose {provider} when you sign in.',
        'not-me': 'If it was not you, ignore this e-mail. Nothing has changed.',
      },
      de: {
        subject: 'Sie melden sich mit {provider} an',
        opening:
          'Diese E-Mail-Adresse wurde eingegeben, um sich bei {site} anzumelden. Ihre Organisation meldet sich stattdessen mit {provider} an: Wählen Sie bei der Anmeldung {provider}.',
        'not-me': 'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Es hat sich nichts geändert.',
      },
    },
  },
});

declare module '../../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'login-mail': LoginMailValues;
    readonly 'login-mail-new': LoginMailValues;
    readonly 'login-mail-elsewhere': { readonly provider: string };
  }
}
