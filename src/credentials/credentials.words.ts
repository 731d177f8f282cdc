import { defineWords } from '../languages/define-words.js';

export const credentialsWords = defineWords({
  en: {
    'confirm.title': 'Confirm that it is you',
    'confirm.why': 'Confirm your identity again before you go on.',
    'confirm.password': 'Password',
    'confirm.submit': 'Confirm',
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
    'confirm.error.invalid_credentials': 'Das stimmt nicht. Prüfen Sie Ihre Eingabe und versuchen Sie es erneut.',
    'factor.choose': 'Anderen Code verwenden',
    'factor.code': 'Code',
    'factor.other': 'oder',
    'factor.needs-scripts': 'Dafür wird JavaScript gebraucht, das in Ihrem Browser ausgeschaltet ist.',
  },
});
