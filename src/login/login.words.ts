import { defineWords } from '../languages/define-words.js';

export const loginWords = defineWords({
  en: {
    'sign-in.title': 'Sign in to {site}',
    'sign-in.email': 'E-mail address',
    'sign-in.email-or-username': 'E-mail address or username',
    'sign-in.password': 'Password',
    'sign-in.forgot': 'Forgot the password?',
    'sign-in.submit': 'Sign in',
    'sign-in.send-verification': 'Send me the link',
    'sign-in.or': 'or',
    'sign-in.new': 'New here?',
    'sign-in.sign-up': 'Create an account',
    'sign-in.error.invalid_credentials':
      'The e-mail address or the password does not match. If you have just registered, follow the link in your mailbox first.',
    'sign-in-factor.title': 'One more step',
    'sign-in-factor.submit': 'Continue',
    'sign-in-factor.remember.one': 'Do not ask again in this browser for {count} day',
    'sign-in-factor.remember.other': 'Do not ask again in this browser for {count} days',
    'sign-in-factor.restart': 'Sign in as someone else',
    'sign-in-factor.again': 'That took too long, or began in another browser. Sign in again.',
    'sign-in-factor.error.invalid_credentials': 'That code does not match. Check it and try again, or use another way.',
    'enrol.title': 'Protect your account',
    'enrol.why': '{site} requires a second proof beside your password. Set one up to continue.',
    'enrol.none': 'You cannot set one up here. Contact the people who run {site}.',
  },
  de: {
    'sign-in.title': 'Bei {site} anmelden',
    'sign-in.email': 'E-Mail-Adresse',
    'sign-in.email-or-username': 'E-Mail-Adresse oder Benutzername',
    'sign-in.password': 'Passwort',
    'sign-in.forgot': 'Passwort vergessen?',
    'sign-in.submit': 'Anmelden',
    'sign-in.send-verification': 'Link senden',
    'sign-in.or': 'oder',
    'sign-in.new': 'Neu hier?',
    'sign-in.sign-up': 'Konto anlegen',
    'sign-in.error.invalid_credentials':
      'E-Mail-Adresse oder Passwort stimmen nicht. Wenn Sie sich gerade registriert haben, öffnen Sie zuerst den Link in Ihrem Postfach.',
    'sign-in-factor.title': 'Noch ein Schritt',
    'sign-in-factor.submit': 'Weiter',
    'sign-in-factor.remember.one': 'In diesem Browser {count} Tag lang nicht mehr fragen',
    'sign-in-factor.remember.other': 'In diesem Browser {count} Tage lang nicht mehr fragen',
    'sign-in-factor.restart': 'Als jemand anderes anmelden',
    'sign-in-factor.again':
      'Das hat zu lange gedauert oder begann in einem anderen Browser. Melden Sie sich erneut an.',
    'sign-in-factor.error.invalid_credentials':
      'Dieser Code stimmt nicht. Prüfen Sie ihn und versuchen Sie es erneut, oder wählen Sie einen anderen Weg.',
    'enrol.title': 'Schützen Sie Ihr Konto',
    'enrol.why': '{site} verlangt neben dem Passwort einen zweiten Nachweis. Richten Sie einen ein, um fortzufahren.',
    'enrol.none': 'Sie können hier keinen einrichten. Wenden Sie sich an die Betreiber von {site}.',
  },
});
