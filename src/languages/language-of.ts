/** Where a reader may have said which language they read, the first one first. */
export interface LanguageWishes {
  /** `?lang=`. */
  readonly asked: unknown;
  /** Of the cookie. */
  readonly kept: string | undefined;
  /** The header `Accept-Language`. */
  readonly accepted: string | undefined;
}

/** The language of a reply: the first wish that one of `languages` fulfils, else the first of these. */
export function languageOf({ asked, kept, accepted }: LanguageWishes, languages: readonly string[]): string {
  const wishes = [asked, kept, ...acceptedLanguages(accepted)];
  for (const wish of wishes) {
    if (typeof wish !== 'string') continue;
    const [primary = ''] = wish.toLowerCase().split('-', 1);
    if (languages.includes(primary)) return primary;
  }
  return languages[0] ?? 'en';
}

/** RFC 9110 §12.5.4, best first. A header longer than any honest one is not read. */
function acceptedLanguages(header: string | undefined): string[] {
  if (header === undefined || header.length > 500) return [];
  return header
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim());
      const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return { tag, quality: Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}

const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);

/** `ltr` or `rtl`, for the attribute `dir`. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr';
}
