import { defineWords } from '../../languages/define-words.js';
import { ADMIN_API_KEYS_DE, ADMIN_API_KEYS_EN } from './admin-api-keys.words.js';

/** The words of its pages and mails. */
export const apiKeyWords = defineWords({
  en: {
    ...ADMIN_API_KEYS_EN,
    'api-key.copy': 'Copy the key',
    'api-key.copied': 'Copied.',
    'api-key.not-copied': 'The browser did not allow this. Select the key and copy it.',
    'mail.way.api_key': 'an API key that begins with {detail}',
  },
  de: {
    ...ADMIN_API_KEYS_DE,
    'api-key.copy': 'Schlüssel kopieren',
    'api-key.copied': 'Kopiert.',
    'api-key.not-copied': 'Der Browser hat das nicht erlaubt. Markieren Sie den Schlüssel und kopieren Sie ihn.',
    'mail.way.api_key': 'ein API-Schlüssel, der mit {detail} beginnt',
  },
});
