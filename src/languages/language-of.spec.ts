import { acceptedLanguages, directionOf, languageOf, matchLanguage } from './language-of.js';

const THERE = ['en', 'de', 'pt-BR'];

describe('the language of a reader', () => {
  it.each([
    [{ asked: 'de', kept: 'en', setting: 'pt-BR', accepted: 'en' }, 'de'],
    [{ asked: 'fr', kept: 'de', setting: 'pt-BR', accepted: 'en' }, 'de'],
    [{ asked: null, kept: undefined, setting: 'pt-BR', accepted: 'de' }, 'pt-BR'],
    [{ setting: null, accepted: 'de' }, 'de'],
    [{ asked: ['de'], accepted: 'fr' }, 'en'],
    [{}, 'en'],
  ])('is the most deliberate wish that can be fulfilled: %j', (wishes, language) => {
    expect(languageOf(wishes, THERE)).toBe(language);
  });

  it.each([
    ['de, en;q=0.9', 'de'],
    ['en;q=0.1, de;q=0.2', 'de'],
    ['fr;q=1, de;q=0.001', 'de'],
    ['de;q=0, pt', 'pt-BR'],
    ['de-AT-1996', 'de'],
    ['DE', 'de'],
    ['pt-PT', 'pt-BR'],
    ['fr, *;q=0.1', 'en'],
    ['de;q=2, en', 'en'],
    ['de;level=1', 'en'],
    ['', 'en'],
    [',;=,\u0000,de;q=x', 'en'],
    ['__proto__', 'en'],
    [`${'a,'.repeat(5000)}de`, 'en'],
    [`${'z'.repeat(10_000)},de`, 'en'],
  ])('is read from Accept-Language %j', (accepted, language) => {
    expect(languageOf({ accepted }, THERE)).toBe(language);
  });

  it('is looked for by what a header says first, and no further than is sensible', () => {
    expect(acceptedLanguages('a;q=0.5, b, c;q=0.7, b;q=0')).toEqual(['b', 'c', 'a']);
    expect(acceptedLanguages('de,'.repeat(1000)).length).toBeLessThanOrEqual(20);
  });

  it('is no other that only begins alike', () => {
    expect(matchLanguage('d', THERE)).toBeNull();
    expect(matchLanguage('deu', THERE)).toBeNull();
    expect(matchLanguage('e', ['en'])).toBeNull();
  });

  it.each([
    ['en', 'ltr'],
    ['de-CH', 'ltr'],
    ['ar', 'rtl'],
    ['he', 'rtl'],
    ['fa-IR', 'rtl'],
    ['az-Arab', 'rtl'],
    ['az', 'ltr'],
  ])('%s is written %s', (language, direction) => {
    expect(directionOf(language)).toBe(direction);
  });
});
