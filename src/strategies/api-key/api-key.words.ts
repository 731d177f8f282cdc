import { defineWords } from '../../languages/define-words.js';
import { ADMIN_API_KEYS_DE, ADMIN_API_KEYS_EN } from './admin-api-keys.words.js';

/** What pages and mails say of it. */
export const apiKeyWords = defineWords({
  en: {
    ...ADMIN_API_KEYS_EN,
    'mail.way.api_key': 'an API key that begins with {detail}',
  },
  de: {
    ...ADMIN_API_KEYS_DE,
    'mail.way.api_key': 'ein API-Schlüssel, der mit {detail} beginnt',
  },
});
