import { defineWords } from '../../languages/define-words.js';

export const recoveryCodeWords = defineWords({
  en: {
    'recovery_code.choose': 'Use a recovery code',
    'recovery_code.code': 'Recovery code',
    'recovery_code.hint': 'One of the ten codes you kept. Each works once.',
  },
  de: {
    'recovery_code.choose': 'Notfallcode verwenden',
    'recovery_code.code': 'Notfallcode',
    'recovery_code.hint': 'Einer der zehn Codes, die Sie aufbewahrt haben. Jeder gilt einmal.',
  },
});
