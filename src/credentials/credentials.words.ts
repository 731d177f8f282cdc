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
  },
});
