import { defineWords } from '../languages/define-words.js';

export const sessionsWords = defineWords({
  en: {
    'signed-out.title': 'You are signed out',
    'signed-out.text': 'This browser no longer has access to your account.',
    'signed-out.again': 'Sign in again',
  },
  de: {
    'signed-out.title': 'Sie sind abgemeldet',
    'signed-out.text': 'Dieser Browser hat keinen Zugang mehr zu Ihrem Konto.',
    'signed-out.again': 'Wieder anmelden',
  },
});
