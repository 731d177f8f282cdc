/** Words of one language: text by key. `{name}` is a value. */
export type Words = Readonly<Record<string, string>>;

/** Words of each language, by its tag (BCP 47). */
export type WordsByLanguage = Readonly<Record<string, Words>>;

/**
 * Declares the words of a feature's pages: flat keys that begin with the name of the page or feature. A text of which there is one for one
 * thing and one for several has two keys, `x.one` and `x.other`, and the value `{count}`.
 *
 * @example
 * defineWords({
 *   en: { 'sign-in.title': 'Sign in to {site}' },
 *   de: { 'sign-in.title': 'Bei {site} anmelden' },
 * })
 */
export function defineWords<K extends string>(
  words: { readonly en: Readonly<Record<K, string>> } & Readonly<Record<string, Readonly<Record<NoInfer<K>, string>>>>,
): WordsByLanguage {
  return words;
}

/** All that these say, by language. @throws TypeError for a key that two of them have */
export function mergeWords(declared: readonly WordsByLanguage[]): WordsByLanguage {
  const merged: Record<string, Record<string, string>> = {};
  for (const words of declared) {
    for (const [language, texts] of Object.entries(words)) {
      merged[language] ??= {};
      const all = merged[language];
      for (const [key, text] of Object.entries(texts)) {
        if (Object.hasOwn(all, key)) throw new TypeError(`the word ${key} is declared twice in ${language}`);
        all[key] = text;
      }
    }
  }
  return merged;
}

/** The names of the values that a text shows, in order, each once. */
export function placeholdersOf(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1]!))].sort();
}

/** `{name}`. */
export const PLACEHOLDER = /\{(\w+)\}/g;
