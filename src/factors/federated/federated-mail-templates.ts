import { defineMailTemplates } from '../../mail/templates/mail-declaration.js';
import { SAMPLE } from '../../mail/templates/phrases.js';

const provider = 'Example';

export const federatedMailTemplates = defineMailTemplates({
  'linked-login-proved': {
    about:
      'To a user whose address was proven by a login with an outside provider. What was set up before no longer works. `provider`: what the connection is called. `at`: when.',
    sample: { at: SAMPLE.at, provider },
    rest: ['what-ended', 'not-me'],
    words: {
      en: {
        subject: 'You sign in with {provider} from now on',
        opening:
          'On {at}, a person signed in at {site} with {provider} as the owner of this e-mail address. The address had not been verified here before, or your account was moved to it a short time ago.',
        'what-ended':
          'Because another person may have set up the account, its old password and all its sessions no longer work.',
        'not-me': 'If it was not you, contact the people who run {site}.',
      },
      de: {
        subject: 'Sie melden sich ab jetzt mit {provider} an',
        opening:
          'Am {at} hat sich jemand als Inhaber dieser E-Mail-Adresse mit {provider} bei {site} angemeldet. Die Adresse war hier noch nicht bestätigt, oder das Konto ist erst vor Kurzem auf sie umgestellt worden.',
        'what-ended':
          'Weil das Konto von jemand anderem eingerichtet worden sein kann, funktionieren das alte Passwort und alle Sitzungen nicht mehr.',
        'not-me': 'Wenn Sie das nicht waren, wenden Sie sich an die Betreiber von {site}.',
      },
    },
  },
  'linked-login-refused': {
    about:
      'To a user whose address a person claimed who signed in with an outside provider and was refused. It names the page of linked logins; nothing is proven by it. `provider`: what the connection is called. `page`: address of that page; null where there is none.',
    sample: { at: SAMPLE.at, provider, page: 'https://auth.example.com/account/identities' },
    rest: [{ given: 'page', word: 'if-me', otherwise: 'if-me-without-page' }, 'not-me'],
    words: {
      en: {
        subject: 'A login with {provider} was refused',
        opening:
          'On {at}, a person with this e-mail address at {provider} tried to sign in at {site}. The address belongs to your account, but that login is not linked to it. The sign-in was therefore refused.',
        'if-me':
          'If it was you, open {page}, sign in as usual, and link {provider} there. After that you can sign in with it.',
        'if-me-without-page':
          'If it was you, sign in as usual and link {provider} in your account. After that you can sign in with it.',
        'not-me': 'If it was not you, ignore this e-mail. Nothing has changed.',
      },
      de: {
        subject: 'Eine Anmeldung mit {provider} wurde abgelehnt',
        opening:
          'Am {at} wollte sich jemand, der bei {provider} diese E-Mail-Adresse hat, bei {site} anmelden. Die Adresse gehört zu Ihrem Konto, aber jene Anmeldung ist nicht damit verknüpft. Sie wurde deshalb abgelehnt.',
        'if-me':
          'Wenn Sie das waren, öffnen Sie {page}, melden Sie sich wie gewohnt an und verknüpfen Sie dort {provider}. Danach können Sie sich damit anmelden.',
        'if-me-without-page':
          'Wenn Sie das waren, melden Sie sich wie gewohnt an und verknüpfen Sie {provider} in Ihrem Konto. Danach können Sie sich damit anmelden.',
        'not-me': 'Wenn Sie das nicht waren, ignorieren Sie diese E-Mail. Es hat sich nichts geändert.',
      },
    },
  },
});

declare module '../../mail/templates/template-values.js' {
  interface TemplateValues {
    readonly 'linked-login-proved': { readonly at: string; readonly provider: string };
    readonly 'linked-login-refused': { readonly at: string; readonly provider: string; readonly page: string | null };
  }
}
