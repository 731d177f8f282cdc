import { defineWords } from '../../languages/define-words.js';

/** What pages and mails say of it. */
export const apiKeyWords = defineWords({
  en: {
    'mail.way.api_key': 'an API key that begins with {detail}',
  },
  de: {
    'mail.way.api_key': 'ein API-Schlüssel, der mit {detail} beginnt',
  },
});
