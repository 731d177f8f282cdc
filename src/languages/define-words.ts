/** Texts of one feature by key, in one language. `{name}` stands for a value; a plural is two keys, `x.one` and `x.other`, with `{count}`. */
export type Words = Readonly<Record<string, string>>;

/** The same keys in every language. */
export interface WordDeclaration<Key extends string = string> {
  readonly en: Readonly<Record<Key, string>>;
  readonly de: Readonly<Record<NoInfer<Key>, string>>;
}

/**
 * Declares the words of a feature, for `Feature.words`.
 *
 * @example
 * defineWords({ en: { 'sign-in.title': 'Sign in to {site}' }, de: { 'sign-in.title': 'Bei {site} anmelden' } })
 */
export function defineWords<const Key extends string>(words: WordDeclaration<Key>): Readonly<Record<string, Words>> {
  return { en: words.en, de: words.de };
}
