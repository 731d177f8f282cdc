import { mergeWords, PLACEHOLDER, type WordsByLanguage } from './define-words.js';
import { DEFAULT_LANGUAGE, directionOf, matchLanguage } from './language-of.js';

/** The values that a text may show. */
export type WordValues = Readonly<Record<string, unknown>>;

/** Every word that the features of an application declare, by language. */
export abstract class DeclaredWords {
  readonly [language: string]: Readonly<Record<string, string>>;
}

/** All words, in every language there is: what pages and mails say. */
export class Catalogue {
  private readonly plurals = new Map<string, Intl.PluralRules>();
  private readonly numbers = new Map<string, Intl.NumberFormat>();
  private readonly directions = new Map<string, 'ltr' | 'rtl'>();

  /**
   * @param languages tags of the languages there are; the first is the default. Each has all words
   * @param words by language
   */
  constructor(
    readonly languages: readonly string[],
    private readonly words: WordsByLanguage,
  ) {
    for (const language of languages) {
      this.plurals.set(language, new Intl.PluralRules(language));
      this.numbers.set(language, new Intl.NumberFormat(language));
      this.directions.set(language, directionOf(language));
    }
  }

  /** Of these words, in all languages that they are in. @throws TypeError for a key that two of them have */
  static of(declarations: readonly WordsByLanguage[]): Catalogue {
    const words = mergeWords(declarations);
    return new Catalogue(Object.keys(words), words);
  }

  /** The language of a reader of whom nothing is known. */
  get defaultLanguage(): string {
    return this.languages[0] ?? DEFAULT_LANGUAGE;
  }

  /** Every key of a language. */
  keysOf(language: string): readonly string[] {
    return Object.keys(this.words[language] ?? {});
  }

  /** Whether there is such a word. */
  has(key: string): boolean {
    const words = this.words[this.defaultLanguage]!;
    return Object.hasOwn(words, key) || Object.hasOwn(words, `${key}.other`);
  }

  /** The tag of one of the languages that comes next to `tag`; null: none does. */
  match(tag: string): string | null {
    return matchLanguage(tag, this.languages);
  }

  /**
   * A text, not escaped. Of a word with two forms, the one for `count`.
   *
   * @throws TypeError for a word, a language or a value that is not there: a misspelling, rather than a hole in a page
   */
  text(language: string, key: string, values: WordValues = {}): string {
    const words = this.words[language];
    const plurals = this.plurals.get(language);
    if (!words || !plurals) throw new TypeError(`there are no words in ${language}`);
    const form = Object.hasOwn(words, key) ? key : `${key}.${pluralOf(values.count, plurals)}`;
    if (!Object.hasOwn(words, form)) throw new TypeError(`there is no word ${key} in ${language}`);
    return words[form]!.replace(PLACEHOLDER, (_, name: string) => this.shown(language, key, name, values));
  }

  /** `ltr` or `rtl`: how the language is written. */
  direction(language: string): 'ltr' | 'rtl' {
    return this.directions.get(language) ?? directionOf(language);
  }

  /** A number as the language writes it. */
  number(language: string, value: number): string {
    return this.numbers.get(language)!.format(value);
  }

  private shown(language: string, key: string, name: string, values: WordValues): string {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return this.number(language, value);
    throw new TypeError(
      `the word ${key} shows {${name}}, which is not given; there are: ${Object.keys(values).join(', ')}`,
    );
  }
}

/** Two forms only: languages with more of them use a text that fits several. */
function pluralOf(count: unknown, rules: Intl.PluralRules): 'one' | 'other' {
  return typeof count === 'number' && rules.select(count) === 'one' ? 'one' : 'other';
}
