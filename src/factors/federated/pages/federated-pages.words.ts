import { defineWords } from '../../../languages/define-words.js';

/** The words of the pages of signing in with other providers. */
export const federatedPagesWords = defineWords({
  en: {
    'federated.continue-with': 'Continue with {name}',
    'federated.by-address': 'Continue with your company',
    'federated.confirm-with': 'Confirm with {name}',
    'federated.gone': 'Signing in there is no longer possible. Choose another way.',
    'federated.gone-provider': 'A provider that is no longer there',
    'federated.unusable': 'switched off',
    'federated.since': 'Linked',
    'federated.used': 'last used',
    'federated-sign-in.title': 'Sign in with your company',
    'federated-sign-in.about': 'Enter your e-mail address at your company. You then sign in there.',
    'federated-sign-in.submit': 'Continue',
    'federated-sign-in.otherwise': 'Sign in another way',
    'federated-sign-in.email': 'E-mail address',
    'federated-sign-in.rule.isOfConnection':
      'No company has set up signing in for addresses of this domain. Sign in another way.',
    'federated-leaving.title': 'Continue to {provider}',
    'federated-leaving.about': 'You sign in at {provider} and then return here.',
    'federated-leaving.go': 'Continue to {provider}',
    'account-identities.title': 'Linked logins',
    'account-identities.nav': 'Linked logins',
    'account-identities.about':
      'You can sign in here with your login at one of these providers. If that login ends, or you withdraw its permission there, your sessions here end as well.',
    'account-identities.none': 'No login elsewhere is linked to your account.',
    'account-identities.link': 'Link a login',
    'account-identities.link.about':
      'You sign in there once to show that the login is yours. All your other sessions end.',
    'account-identities.link-with': 'Link {name}',
    'account-identities.unlink': 'Unlink',
    'account-identities.unlink-of': 'Unlink {name}',
    'account-identities.unlinked': 'The login is no longer linked. All other sessions have ended.',
    'account-identities.back': 'Back to your linked logins',
    'account-identity-unlink.title': 'Unlink {label}',
    'account-identity-unlink.about':
      'You can no longer sign in with {name}. All your other sessions end. {name} keeps what it knows about you.',
    'account-identity-unlink.ends':
      'You have signed in here with {name}, so this session ends as well. Sign in another way then.',
    'account-identity-unlink.error.conflict':
      'This is your only way to sign in, or something has changed in the meantime. Set a password or a passkey first, then unlink it.',
    'admin-user-identities.title': 'Linked logins of {label}',
    'admin-user-identities.none': 'No login elsewhere is linked to this account.',
  },
  de: {
    'federated.continue-with': 'Weiter mit {name}',
    'federated.by-address': 'Weiter mit Ihrer Firma',
    'federated.confirm-with': 'Mit {name} bestätigen',
    'federated.gone': 'Dort können Sie sich nicht mehr anmelden. Wählen Sie einen anderen Weg.',
    'federated.gone-provider': 'Ein Anbieter, den es nicht mehr gibt',
    'federated.unusable': 'abgeschaltet',
    'federated.since': 'Verknüpft',
    'federated.used': 'zuletzt benutzt',
    'federated-sign-in.title': 'Mit Ihrer Firma anmelden',
    'federated-sign-in.about':
      'Geben Sie die E-Mail-Adresse ein, die Sie in Ihrer Firma haben. Sie melden sich dann dort an.',
    'federated-sign-in.submit': 'Weiter',
    'federated-sign-in.otherwise': 'Anders anmelden',
    'federated-sign-in.email': 'E-Mail-Adresse',
    'federated-sign-in.rule.isOfConnection':
      'Für Adressen dieser Domain hat keine Firma eine Anmeldung eingerichtet. Melden Sie sich anders an.',
    'federated-leaving.title': 'Weiter zu {provider}',
    'federated-leaving.about': 'Sie melden sich bei {provider} an und kommen dann hierher zurück.',
    'federated-leaving.go': 'Weiter zu {provider}',
    'account-identities.title': 'Verknüpfte Anmeldungen',
    'account-identities.nav': 'Verknüpfte Anmeldungen',
    'account-identities.about':
      'Mit Ihrem Zugang bei einem dieser Anbieter können Sie sich auch hier anmelden. Wenn dieser Zugang endet oder Sie dort die Erlaubnis entziehen, enden auch Ihre Sitzungen hier.',
    'account-identities.none': 'Mit Ihrem Konto ist keine Anmeldung bei einem Anbieter verknüpft.',
    'account-identities.link': 'Eine Anmeldung verknüpfen',
    'account-identities.link.about':
      'Sie melden sich dort einmal an und zeigen so, dass die Anmeldung Ihnen gehört. Alle Ihre anderen Sitzungen enden.',
    'account-identities.link-with': '{name} verknüpfen',
    'account-identities.unlink': 'Trennen',
    'account-identities.unlink-of': 'Trennen: {name}',
    'account-identities.unlinked': 'Die Anmeldung ist nicht mehr verknüpft. Alle anderen Sitzungen sind beendet.',
    'account-identities.back': 'Zurück zu Ihren verknüpften Anmeldungen',
    'account-identity-unlink.title': '{label} trennen',
    'account-identity-unlink.about':
      'Sie können sich mit {name} nicht mehr anmelden. Alle Ihre anderen Sitzungen enden. {name} behält, was dort über Sie gespeichert ist.',
    'account-identity-unlink.ends':
      'Sie haben sich hier mit {name} angemeldet, deshalb endet auch diese Sitzung. Melden Sie sich danach anders an.',
    'account-identity-unlink.error.conflict':
      'Das ist Ihr einziger Weg, sich anzumelden, oder inzwischen hat sich etwas geändert. Richten Sie zuerst ein Passwort oder einen Passkey ein.',
    'admin-user-identities.title': 'Verknüpfte Anmeldungen von {label}',
    'admin-user-identities.none': 'Mit diesem Konto ist keine Anmeldung bei einem Anbieter verknüpft.',
  },
});
