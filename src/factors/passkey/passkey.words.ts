import { defineWords } from '../../languages/define-words.js';

/** What pages and mails say of it. */
export const passkeyWords = defineWords({
  en: {
    'mail.way.passkey': 'a passkey',
  },
  de: {
    'mail.way.passkey': 'ein Passkey',
  },
});
