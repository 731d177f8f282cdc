/** The language that every key has. */
export const DEFAULT_LANGUAGE = 'en';

/** A header says no more that is worth reading. */
const MOST_CHARACTERS = 1000;
const MOST_WISHES = 20;
const TAG = /^[a-z]{1,8}(-[a-z0-9]{1,8}){0,4}$/i;
const WEIGHT = /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/i;

/** Signs of the language that a reader wants, the most deliberate first. Each may be missing or unreadable. */
export interface LanguageWishes {
  /** `?lang=` of the address. */
  readonly asked?: unknown;
  /** Of the cookie `lang`. */
  readonly kept?: string | undefined;
  /** The user's own setting. */
  readonly setting?: string | null | undefined;
  /** The header `Accept-Language`. */
  readonly accepted?: string | undefined;
}

/** Which of the languages a reader gets; the first of them where nothing fits. */
export function languageOf(wishes: LanguageWishes, languages: readonly string[]): string {
  const { asked, kept, setting, accepted } = wishes;
  const said = [asked, kept, setting].filter((wish) => typeof wish === 'string');
  return firstMatch([...said, ...acceptedLanguages(accepted)], languages) ?? languages[0] ?? DEFAULT_LANGUAGE;
}

/** Whether this is a tag as one may ask for, e.g. `de-AT`; or `*`. */
export function isLanguageRange(text: string): boolean {
  return text === '*' || TAG.test(text);
}

/** The first of these wishes that one of the languages fulfils; null: none is. `*`: any, thus the first. */
export function firstMatch(wishes: readonly string[], languages: readonly string[]): string | null {
  for (const wish of wishes) {
    const found = wish === '*' ? (languages[0] ?? null) : matchLanguage(wish, languages);
    if (found !== null) return found;
  }
  return null;
}

/** RFC 4647 §3.4: `de-AT` is looked up as itself, then as `de`; and `pt` finds `pt-BR`, the only Portuguese there is. Null: none. */
export function matchLanguage(wish: string, languages: readonly string[]): string | null {
  if (!TAG.test(wish)) return null;
  const parts = wish.toLowerCase().split('-');
  for (let length = parts.length; length > 0; length--) {
    const range = parts.slice(0, length).join('-');
    const found = languages.find((language) => language.toLowerCase() === range);
    if (found !== undefined) return found;
  }
  return languages.find((language) => language.toLowerCase().startsWith(`${parts[0]}-`)) ?? null;
}

/**
 * The languages of `Accept-Language` (RFC 9110 §12.5.4), the most wanted first: tags, and perhaps `*`. Leaves out what is no tag,
 * what has the weight 0 or stands beyond the first 1000 characters.
 */
export function acceptedLanguages(header: string | undefined): string[] {
  if (header === undefined) return [];
  const items = header.slice(0, MOST_CHARACTERS).split(',', MOST_WISHES);
  const weighed = items.flatMap((item) => {
    const [tag = '', ...parameters] = item.split(';').map((part) => part.trim());
    const weight = weightOf(parameters);
    return weight > 0 && (tag === '*' || TAG.test(tag)) ? [{ tag, weight }] : [];
  });
  return weighed.sort((one, other) => other.weight - one.weight).map(({ tag }) => tag);
}

/** 0 for what cannot be read. */
function weightOf(parameters: readonly string[]): number {
  if (parameters.length === 0) return 1;
  const [parameter = ''] = parameters;
  return parameters.length === 1 && WEIGHT.test(parameter) ? Number(parameter.slice(2)) : 0;
}

const RIGHT_TO_LEFT = new Set(['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa']);

/** How a language is written, by its usual script. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  const { script } = new Intl.Locale(language).maximize();
  return script !== undefined && RIGHT_TO_LEFT.has(script) ? 'rtl' : 'ltr';
}
