import type { HttpRequest } from '../edge/http-exchange.js';
import { acceptedLanguages, isLanguageRange } from '../languages/language-of.js';
import { cookiesIn } from './cookies.js';

const MOST = 8;
/** With and without the prefix: which of them it is, depends on `PUBLIC_URL`, and nothing is decided by it. */
const COOKIES = ['__Host-lang', 'lang'];

/** The languages that the sender of a request reads, best first, comma-separated: `?lang`, the cookie, `Accept-Language`. Undefined: none is known. */
export function languageWishesOf({ originalUrl, url, headers }: HttpRequest): string | undefined {
  const query = (originalUrl ?? url).split('?', 2)[1];
  const asked = query === undefined ? [] : new URLSearchParams(query).getAll('lang');
  const kept = COOKIES.flatMap((name) => cookiesIn(headers.cookie, name));
  const wishes = [...asked, ...kept, ...acceptedLanguages(headers['accept-language'])].filter(isLanguageRange);
  return wishes.length === 0 ? undefined : [...new Set(wishes)].slice(0, MOST).join(',');
}
