import { defineWords } from '../../languages/define-words.js';

/** The list of one's factors; each factor's own words stand in its folder. */
export const accountFactorsWords = defineWords({
  en: {
    'account-factors.title': 'Second factors and passkeys',
    'account-factors.nav': 'Factors',
    'account-factors.about':
      'A second factor keeps others out of your account even if they know your password. Setting one up or removing it signs you out everywhere else.',
    'account-factors.on': 'set up',
    'account-factors.off': 'not set up',
    'account-factors.since': 'since',
    'account-factors.used': 'last used',
    'account-factors.left.one': '{count} left',
    'account-factors.left.other': '{count} left',
    'account-factors.back': 'Back to your factors',
  },
  de: {
    'account-factors.title': 'Zweite Faktoren und Passkeys',
    'account-factors.nav': 'Faktoren',
    'account-factors.about':
      'Ein zweiter Faktor hält andere von Ihrem Konto fern, auch wenn sie Ihr Passwort kennen. Wenn Sie einen einrichten oder entfernen, werden Sie überall sonst abgemeldet.',
    'account-factors.on': 'eingerichtet',
    'account-factors.off': 'nicht eingerichtet',
    'account-factors.since': 'seit',
    'account-factors.used': 'zuletzt benutzt',
    'account-factors.left.one': 'noch {count}',
    'account-factors.left.other': 'noch {count}',
    'account-factors.back': 'Zurück zu Ihren Faktoren',
  },
});
