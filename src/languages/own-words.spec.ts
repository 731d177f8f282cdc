import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Catalogue } from './catalogue.js';
import { defineWords, mergeWords } from './define-words.js';
import { wordsIn } from './own-words.js';

const DECLARED = defineWords({
  en: {
    'a.title': 'Hello {name}',
    'a.keys.one': '{count} key',
    'a.keys.other': '{count} keys',
    'a.end': 'The end',
  },
  de: {
    'a.title': 'Hallo {name}',
    'a.keys.one': '{count} Schlüssel',
    'a.keys.other': '{count} Schlüssel',
    'a.end': 'Das Ende',
  },
});
const FRENCH = {
  'a.title': 'Bonjour {name}',
  'a.keys.one': 'une clé',
  'a.keys.other': '{count} clés',
  'a.end': 'Fin',
};

describe('words of a team', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'coatcheck-words-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const with_ = (languages: string[], files: Record<string, unknown>) => {
    for (const [name, content] of Object.entries(files))
      writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
    return new Catalogue(languages, wordsIn(DECLARED, { pagesLanguages: languages, pagesWords: folder }));
  };

  it('are a language of their own, with the plural of that language', () => {
    const catalogue = with_(['en', 'fr'], { 'fr.json': `\uFEFF${JSON.stringify(FRENCH)}`, 'README.md': 'x' });
    expect(catalogue.text('fr', 'a.title', { name: 'Ada' })).toBe('Bonjour Ada');
    expect(catalogue.text('fr', 'a.keys', { count: 0 })).toBe('une clé');
    expect(catalogue.text('en', 'a.keys', { count: 0 })).toBe('0 keys');
    expect(catalogue.text('fr', 'a.keys', { count: 12_345 })).toBe('12\u202f345 clés');
  });

  it('stand in the place of single built-in ones', () => {
    const catalogue = with_(['de', 'en'], { 'de.json': { 'a.end': 'Schluss' } });
    expect(['a.end', 'a.title'].map((key) => catalogue.text('de', key, { name: 'Ada' }))).toEqual([
      'Schluss',
      'Hallo Ada',
    ]);
    expect(catalogue.defaultLanguage).toBe('de');
  });

  it.each([
    [
      'a language that lacks words',
      ['en', 'fr'],
      { 'fr.json': { ...FRENCH, 'a.end': undefined } },
      /fr, which lacks a.end[\s\S]*add them to fr.json/,
    ],
    [
      'a language without any file',
      ['en', 'it'],
      {},
      /contains it, which lacks a.title, a.keys.one, a.keys.other, a.end/,
    ],
    [
      'a word that nothing shows',
      ['en'],
      { 'en.json': { 'a.titel': 'x' } },
      /en.json with a.titel, which nothing shows[\s\S]*remove or correct/,
    ],
    ['a key that is no word', ['en'], { 'en.json': '{"__proto__": "x"}' }, /__proto__, which nothing shows/],
    [
      'a value that the word is not given',
      ['en'],
      { 'en.json': { 'a.title': 'Hi {email}' } },
      /a.title shows a value[\s\S]*use only: \{name\}/,
    ],
    [
      'a file of a language that is not switched on',
      ['en'],
      { 'fr.json': FRENCH },
      /fr.json, but PAGES_LANGUAGES does not list fr/,
    ],
    ['a file that is no JSON', ['en'], { 'en.json': '{' }, /en.json, which is no JSON object of texts/],
    ['a file that is a list', ['en'], { 'en.json': ['x'] }, /en.json, which is no JSON object of texts/],
    ['a text that is none', ['en'], { 'en.json': { 'a.end': '' } }, /en.json, which is no JSON object of texts/],
    ['a text that is nested', ['en'], { 'en.json': { a: { end: 'x' } } }, /en.json, which is no JSON object of texts/],
  ])('stop the start for %s', (_what, languages, files, problem) => {
    expect(() => with_(languages, files)).toThrow(problem);
  });

  it('stop the start for a folder that is not there', () => {
    expect(() => wordsIn(DECLARED, { pagesLanguages: ['en'], pagesWords: '/nowhere/at/all' })).toThrow(
      /PAGES_WORDS cannot be read \(ENOENT\)/,
    );
  });

  it('are told of all at once', () => {
    expect(() => with_(['en', 'fr'], { 'fr.json': { 'a.end': 'Fin' }, 'en.json': { x: 'x' } })).toThrow(
      /2 configuration problem\(s\)[\s\S]*PAGES_WORDS contains en.json[\s\S]*PAGES_LANGUAGES contains fr/,
    );
  });
});

describe('a word', () => {
  const catalogue = Catalogue.of([DECLARED]);

  it('throws for what is not there, rather than leaving a hole', () => {
    expect(() => catalogue.text('en', 'a.titel')).toThrow('there is no word a.titel in en');
    expect(() => catalogue.text('fr', 'a.title')).toThrow('there are no words in fr');
    expect(() => catalogue.text('en', 'a.title', {})).toThrow('shows {name}, which is not given');
    expect(() => catalogue.text('en', 'a.title', { name: null })).toThrow('shows {name}, which is not given');
    expect(() => catalogue.text('en', 'toString')).toThrow('there is no word toString');
  });

  it('shows a value as it is, whatever it looks like', () => {
    expect(catalogue.text('en', 'a.title', { name: '{count} $& $1' })).toBe('Hello {count} $& $1');
  });

  it('is declared once', () => {
    expect(() => mergeWords([DECLARED, { de: { 'a.end': 'Noch eins' } }])).toThrow(
      'the word a.end is declared twice in de',
    );
  });
});
