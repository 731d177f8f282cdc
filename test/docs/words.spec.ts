import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { wordOfSection } from '../../src/admin/pages/configuration.page.js';
import { builtInFeatures, mailsOf, pagesOf, wordsOf } from '../../src/features.js';
import { AUTH_ERRORS } from '../../src/kernel/auth-error.js';
import { Catalogue } from '../../src/languages/catalogue.js';
import { placeholdersOf } from '../../src/languages/define-words.js';
import { type MailDeclaration, mailWordKey, type Paragraph } from '../../src/mail/templates/mail-declaration.js';
import { serviceSections } from '../../src/service/service-sections.js';

const SRC = resolve(__dirname, '../../src');
const SOURCES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/\.(spec|words)\.ts$/.test(name))
  .map((name) => readFileSync(join(SRC, name), 'utf8'));
const WORDS = wordsOf();
const LANGUAGES = Object.keys(WORDS);
const CATALOGUE = new Catalogue(LANGUAGES, WORDS);
const KEYS = Object.keys(WORDS.en!);
const PAGES = pagesOf();
/** Templates as they are, too: some are put together. */
const TEXT = [...SOURCES, ...[...PAGES.values()].map(({ source }) => source)].join('\n');

/** Keys of which one part is known at run time only, as source says it: `'rule.' + …`, `` `rule.${…}` ``. */
const PREFIXES = [...TEXT.matchAll(/'([a-z][\w-]*(?:\.[\w-]+)*\.)' \+|`([a-z][\w-]*(?:\.[\w-]+)*\.)\$\{/g)].map(
  ([, added, inside]) => added ?? inside!,
);

/** The other way round: `${name}.lead`, `name + '.set-up'`. */
const SUFFIXES = new Set(
  [...TEXT.matchAll(/\}\.([a-z][\w-]*)[`"]|'\.([a-z][\w-]*)'/g)].map(([, inside, added]) => inside ?? added!),
);

const LITERALS = new Set([...TEXT.matchAll(/(?<=(['"`]))[\w.-]+(?=\1)/g)].map(([literal]) => literal));
const isLiteral = (key: string) => LITERALS.has(key);
/** `x` of `x.one` and `x.other`; a key that ends so and has no partner stays as it is. */
const withoutPlural = (key: string) => {
  const stem = key.replace(/\.(one|other)$/, '');
  return `${stem}.one` in WORDS.en! && `${stem}.other` in WORDS.en! ? stem : key;
};

function isUsed(whole: string): boolean {
  const key = withoutPlural(whole);
  if (isLiteral(key) || isLiteral(whole)) return true;
  const [page = '', part = '', ...rest] = key.split('.');
  if (part === 'title' && rest.length === 0) return PAGES.has(page);
  if (part === 'nav' && rest.length === 0) return PAGES.get(page)?.nav !== undefined;
  if (page === 'error') return part in AUTH_ERRORS;
  if (part === 'error') return PAGES.has(page) && rest.join('.') in AUTH_ERRORS;
  if (part === 'rule') return PAGES.has(page);
  // The label of a field, as a refusal names it.
  if (rest.length === 0 && PAGES.get(page)?.source.includes(`name="${part}"`)) return true;
  // How a factor is chosen: `ProofFields` names the word by the name of the factor.
  if (part === 'choose' && isLiteral(page)) return true;
  if (SUFFIXES.has([part, ...rest].join('.')) && isLiteral(page)) return true;
  return PREFIXES.some((prefix) => key.startsWith(prefix));
}

function usedBy(kind: string, { link, rest, words, describe }: MailDeclaration): string[] {
  const ofParagraph = (paragraph: Paragraph) =>
    typeof paragraph === 'string' ? [paragraph] : [paragraph.word, paragraph.otherwise ?? paragraph.word];
  const described = [...String(describe).matchAll(/['"]([\w.-]+)['"]/g)].map((match) => match[1]!);
  const all = ['subject', 'opening', link ?? 'subject', ...rest.flatMap(ofParagraph), ...described];
  const changes = Object.keys(words.en.changes ?? {}).map((change) => `mail.${kind}.change.${change}`);
  return [...all.map((word) => mailWordKey(kind, word)), ...changes];
}

describe('words', () => {
  it('are the same in every language, and show the same values', () => {
    for (const language of LANGUAGES) {
      expect([language, Object.keys(WORDS[language]!).sort()]).toEqual([language, [...KEYS].sort()]);
      const differing = KEYS.filter((key) => {
        const [here, english] = [WORDS[language]![key]!, WORDS.en![key]!].map(placeholdersOf) as [string[], string[]];
        // One thing may be called so instead of being counted.
        const isOne = (name: string) => name === 'count' && key.endsWith('.one');
        return here.filter((name) => !isOne(name)).join() !== english.filter((name) => !isOne(name)).join();
      });
      expect([language, differing]).toEqual([language, []]);
    }
    expect(LANGUAGES.sort()).toEqual(['de', 'en']);
  });

  it('are all shown that are declared', () => {
    const ofMails = new Set([...mailsOf()].flatMap(([kind, declaration]) => usedBy(kind, declaration)));
    const factors = builtInFeatures.flatMap(({ factors: classes = {} }) => Object.keys(classes));
    const isWay = (key: string) => key.startsWith('mail.way.') && [...factors, 'api_key'].includes(key.slice(9));
    const unused = KEYS.filter((key) => !ofMails.has(key) && !isWay(key) && !isUsed(key));
    expect(KEYS.length).toBeGreaterThan(200);
    expect(unused).toEqual([]);
  });

  it('are all declared that are shown', () => {
    const shown = [
      ...TEXT.matchAll(/\bt\(\s*'([a-z][\w-]*\.[\w.-]*[\w])'(?! \+)/g),
      ...TEXT.matchAll(/\bseeOther\([^,()]+,\s*'([\w.-]+)'/g),
    ].map((match) => match[1]!);
    expect(shown.length).toBeGreaterThan(100);
    expect([...new Set(shown)].filter((key) => !CATALOGUE.has(key))).toEqual([]);
  });

  it('are declared for the title of each page, and the label of each in the navigation', () => {
    const needed = [...PAGES].flatMap(([name, { nav }]) => [`${name}.title`, ...(nav ? [`${name}.nav`] : [])]);
    expect(needed.filter((key) => !CATALOGUE.has(key))).toEqual([]);
  });

  it('are declared for each group of options', () => {
    const titles = serviceSections.flatMap(({ title, specs }) => (Object.keys(specs).length > 0 ? [title] : []));
    expect(titles.length).toBeGreaterThan(30);
    const said = titles.map((title) => WORDS.en![wordOfSection(title)]);
    expect(said).toEqual(titles);
  });

  it('have both forms where a number is counted', () => {
    const counting = LANGUAGES.flatMap((language) =>
      Object.entries(WORDS[language]!).filter(([, text]) => placeholdersOf(text).includes('count')),
    );
    expect(counting.length).toBeGreaterThan(10);
    const single = counting.filter(
      ([key, text]) => withoutPlural(key) === key && !/^(more than|mehr als) /i.test(text),
    );
    expect(single).toEqual([]);
  });

  it('are plain: no markup, no exclamation mark, no straight apostrophe, no blanks at the ends', () => {
    const odd = LANGUAGES.flatMap((language) =>
      Object.entries(WORDS[language]!)
        .filter(([, text]) => /[<>&!]|\w'\w|^\s|\s$| {2}|Oops|Hoppla/.test(text))
        .map(([key, text]) => `${language} ${key}: ${text}`),
    );
    expect(odd).toEqual([]);
  });
});
