import { defineWords } from '../../languages/define-words.js';

/** What pages and mails say of it. */
export const recoveryCodeWords = defineWords({
  en: {
    'mail.way.recovery_code': 'a set of recovery codes',
  },
  de: {
    'mail.way.recovery_code': 'ein Satz Wiederherstellungscodes',
  },
});
