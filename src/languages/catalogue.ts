import type { Words } from './define-words.js';

/** What stands in the place of `{name}`. */
export type WordValues = Readonly<Record<string, unknown>>;

/** The language that every key has. */
export const DEFAULT_LANGUAGE = 'en';

/** The texts of all features, by language and key. */
export class Catalogue {
  private constructor(private readonly texts: ReadonlyMap<string, ReadonlyMap<string, string>>) {}

  /** @throws TypeError for a key that two features declare */
  static of(declarations: readonly Readonly<Record<string, Words>>[]): Catalogue {
    const texts = new Map<string, Map<string, string>>();
    for (const declaration of declarations) {
      for (const [language, words] of Object.entries(declaration)) {
        const all = texts.get(language) ?? new Map<string, string>();
        texts.set(language, all);
        for (const [key, text] of Object.entries(words)) {
          if (all.has(key)) throw new TypeError(`the word ${key} is declared twice in ${language}`);
          all.set(key, text);
        }
      }
    }
    return new Catalogue(texts);
  }

  /** Codes of the languages that there are words in. */
  get languages(): readonly string[] {
    return [...this.texts.keys()];
  }

  /** Every key of a language. */
  keysOf(language: string): readonly string[] {
    return [...(this.texts.get(language)?.keys() ?? [])];
  }

  /** Whether a key, or its plural, exists. */
  has(key: string): boolean {
    const known = this.texts.get(DEFAULT_LANGUAGE);
    return known !== undefined && (known.has(key) || known.has(`${key}.other`));
  }

  /**
   * The text of a key. Nothing in it is escaped.
   *
   * @throws TypeError for an unknown key, and for a value that the text has a place for and is not given
   */
  text(language: string, key: string, values: WordValues = {}): string {
    const source = this.source(language, this.formOf(language, key, values));
    return source.replace(/\{(\w+)\}/g, (_all, name: string) => {
      const value = values[name];
      if (value === undefined || value === null) throw new TypeError(`the word ${key} needs the value ${name}`);
      return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : String(value);
    });
  }

  private formOf(language: string, key: string, { count }: WordValues): string {
    if (typeof count !== 'number' || !this.texts.get(DEFAULT_LANGUAGE)?.has(`${key}.other`)) return key;
    return `${key}.${new Intl.PluralRules(language).select(count) === 'one' ? 'one' : 'other'}`;
  }

  private source(language: string, key: string): string {
    const text = this.texts.get(language)?.get(key) ?? this.texts.get(DEFAULT_LANGUAGE)?.get(key);
    if (text === undefined) throw new TypeError(`there is no word ${key}`);
    return text;
  }
}
