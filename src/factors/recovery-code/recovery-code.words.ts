import { defineWords } from '../../languages/define-words.js';

/** The words of its pages and mails. */
export const recoveryCodeWords = defineWords({
  en: {
    'mail.way.recovery_code': 'a set of recovery codes',
    'recovery_code.choose': 'Use a recovery code',
    'recovery_code.code': 'Recovery code',
    'recovery_code.hint': 'One of the ten codes you kept. Each works once.',
  },
  de: {
    'mail.way.recovery_code': 'ein Satz Wiederherstellungscodes',
    'recovery_code.choose': 'Wiederherstellungscode verwenden',
    'recovery_code.code': 'Wiederherstellungscode',
    'recovery_code.hint': 'Einer der zehn Codes, die Sie aufbewahrt haben. Jeder gilt einmal.',
  },
});
