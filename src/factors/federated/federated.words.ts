import { defineWords } from '../../languages/define-words.js';

/** The words of its pages and mails. */
export const federatedWords = defineWords({
  en: {
    'mail.way.federated': 'a linked login with {detail}',
    'account-delete.ends.linkedLogins.one': '{count} linked login',
    'account-delete.ends.linkedLogins.other': '{count} linked logins',
    'federated.refused': 'The login with the provider was not accepted. Try again, or sign in another way.',
    'federated.unavailable': 'The provider cannot be reached at the moment. Try again later, or sign in another way.',
    'federated.unverified': 'Verify your e-mail address first. A link has been sent to it.',
    'federated.banned': 'This account is blocked. Contact the people who run this site.',
    'federated.unlinked': 'The login is no longer linked, and you are signed out. Sign in another way.',
    'federated.not-new':
      'The provider did not say that you have just signed in there. Confirm in another way: set a password first, under “Forgot the password?” on the sign-in page.',
    'federated.linked': 'The login is linked. You can sign in with it from now on.',
    'federated.not-linked': 'The login was not linked. Try again.',
  },
  de: {
    'mail.way.federated': 'eine verknüpfte Anmeldung bei {detail}',
    'account-delete.ends.linkedLogins.one': '{count} verknüpfte Anmeldung',
    'account-delete.ends.linkedLogins.other': '{count} verknüpfte Anmeldungen',
    'federated.refused':
      'Die Anmeldung beim Anbieter wurde nicht angenommen. Versuchen Sie es erneut, oder melden Sie sich anders an.',
    'federated.unavailable':
      'Der Anbieter ist gerade nicht erreichbar. Versuchen Sie es später erneut, oder melden Sie sich anders an.',
    'federated.unverified': 'Bestätigen Sie zuerst Ihre E-Mail-Adresse. Ein Link wurde an sie gesendet.',
    'federated.banned': 'Dieses Konto ist gesperrt. Wenden Sie sich an die Betreiber dieser Website.',
    'federated.unlinked': 'Die Anmeldung ist nicht mehr verknüpft, und Sie sind abgemeldet. Melden Sie sich anders an.',
    'federated.not-new':
      'Der Anbieter hat nicht gesagt, dass Sie sich dort gerade angemeldet haben. Bestätigen Sie es anders: Richten Sie zuerst ein Passwort ein, auf der Anmeldeseite unter „Passwort vergessen?“.',
    'federated.linked': 'Die Anmeldung ist verknüpft. Sie können sich ab jetzt damit anmelden.',
    'federated.not-linked': 'Die Anmeldung wurde nicht verknüpft. Versuchen Sie es erneut.',
  },
});
