import { defineWords } from '../languages/define-words.js';

export const credentialsWords = defineWords({
  en: {
    'confirm.title': 'Confirm that it is you',
    'confirm.why': 'Confirm your identity again before you go on.',
    'confirm.password': 'Password',
    'confirm.submit': 'Confirm',
    'confirm.no-way':
      'There is no way to confirm it here. Set a password first: request a link under “Forgot the password?” on the sign-in page.',
    'confirm.error.invalid_credentials': 'That does not match. Check what you entered and try again.',
    'factor.choose': 'Use another code',
    'factor.code': 'Code',
    'factor.other': 'or',
    'factor.needs-scripts': 'This needs JavaScript, which is switched off in your browser.',
    'account-log.event.step_up.succeeded': 'You confirmed that it was you',
    'account-log.event.step_up.failed': 'A confirmation that it was you was refused',
    'account-log.event.factor.enrolled': 'Set up',
    'account-log.event.factor.changed': 'Replaced',
    'account-log.event.factor.removed': 'Removed',
    'account-log.event.factor.reset': 'All second factors were removed',
  },
  de: {
    'confirm.title': 'Bestätigen Sie, dass Sie es sind',
    'confirm.why': 'Bestätigen Sie Ihre Identität noch einmal, bevor Sie fortfahren.',
    'confirm.password': 'Passwort',
    'confirm.submit': 'Bestätigen',
    'confirm.no-way':
      'Hier lässt es sich nicht bestätigen. Richten Sie zuerst ein Passwort ein: Fordern Sie auf der Anmeldeseite unter „Passwort vergessen?“ einen Link an.',
    'confirm.error.invalid_credentials': 'Das stimmt nicht. Prüfen Sie Ihre Eingabe und versuchen Sie es erneut.',
    'factor.choose': 'Anderen Code verwenden',
    'factor.code': 'Code',
    'factor.other': 'oder',
    'factor.needs-scripts': 'Dafür wird JavaScript gebraucht, das in Ihrem Browser ausgeschaltet ist.',
    'account-log.event.step_up.succeeded': 'Sie haben bestätigt, dass Sie es sind',
    'account-log.event.step_up.failed': 'Eine Bestätigung, dass Sie es sind, wurde abgelehnt',
    'account-log.event.factor.enrolled': 'Eingerichtet',
    'account-log.event.factor.changed': 'Ersetzt',
    'account-log.event.factor.removed': 'Entfernt',
    'account-log.event.factor.reset': 'Alle zweiten Faktoren wurden entfernt',
  },
});
