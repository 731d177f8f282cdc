import { defineWords } from '../languages/define-words.js';

/** The words of the page of an unlock link. */
export const lockoutWords = defineWords({
  en: {
    'unlock.title': 'Unlock your account',
    'unlock.lead': 'Press the button to be able to sign in again.',
    'unlock.button': 'Unlock',
    'unlock.done': 'Your account is unlocked. You can sign in now.',
    'unlock.spent': 'This link has been used or has expired.',
    'account-log.event.login.locked': 'Sign-in was locked after many failed attempts',
    'account-log.event.login.unlocked': 'Sign-in was unlocked',
  },
  de: {
    'unlock.title': 'Konto entsperren',
    'unlock.lead': 'Danach können Sie sich wieder anmelden.',
    'unlock.button': 'Entsperren',
    'unlock.done': 'Ihr Konto ist entsperrt. Sie können sich jetzt anmelden.',
    'unlock.spent': 'Dieser Link wurde schon benutzt oder ist abgelaufen.',
    'account-log.event.login.locked': 'Die Anmeldung wurde nach vielen Fehlversuchen gesperrt',
    'account-log.event.login.unlocked': 'Die Anmeldung wurde entsperrt',
  },
});
