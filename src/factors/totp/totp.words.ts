import { defineWords } from '../../languages/define-words.js';

/** What pages and mails say of it. */
export const totpWords = defineWords({
  en: {
    'mail.way.totp': 'an authenticator app',
  },
  de: {
    'mail.way.totp': 'eine Authenticator-App',
  },
});
