import { defineWords } from '../languages/define-words.js';

export const usernamesWords = defineWords({
  en: {
    'account-log.event.username.changed': 'The username was changed',
    'account-log.event.username.removed': 'The username was given up',
  },
  de: {
    'account-log.event.username.changed': 'Der Benutzername wurde geändert',
    'account-log.event.username.removed': 'Der Benutzername wurde aufgegeben',
  },
});
