import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../config/configuration-error.js';
import type { ConfigurationProblem } from '../config/option-section.js';
import { environmentName } from '../config/option-section.js';
import { placeholdersOf, type Words, type WordsByLanguage } from './define-words.js';
import { type LanguagesOptions } from './languages-options.js';

const SHOWN = 5;

/**
 * The declared words, with those of a team's own folder in their place or beside them, in the languages that are switched on.
 *
 * @throws ConfigurationError for a language that lacks a word, a word that nothing shows, a value that a word is not given, and a file that
 *   cannot be read or is of no language that is switched on; all at once
 */
export function wordsIn(declared: WordsByLanguage, { pagesLanguages, pagesWords }: LanguagesOptions): WordsByLanguage {
  const problems: ConfigurationProblem[] = [];
  const own = pagesWords ? readFolder(pagesWords, pagesLanguages, problems) : {};
  const all: Record<string, Words> = {};
  const english = declared.en ?? {};
  for (const language of pagesLanguages) {
    const added = own[language] ?? {};
    problems.push(...ownProblems(language, added, english));
    all[language] = { ...declared[language], ...added };
    problems.push(...missingProblems(language, all[language], english, declared[language] !== undefined));
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return all;
}

function missingProblems(language: string, words: Words, english: Words, isDeclared: boolean): ConfigurationProblem[] {
  const missing = Object.keys(english).filter((key) => !Object.hasOwn(words, key));
  if (missing.length === 0) return [];
  const problem = `contains ${language}, which lacks ${shown(missing)}`;
  const remedy = isDeclared
    ? `add ${language} to the words that your feature declares, or leave ${language} out`
    : `add them to ${language}.json in the folder ${environmentName('pagesWords')}, or leave ${language} out`;
  return [{ option: 'pagesLanguages', problem, remedy }];
}

function ownProblems(language: string, added: Words, english: Words): ConfigurationProblem[] {
  const unused = Object.keys(added).filter((key) => !Object.hasOwn(english, key));
  const wrong = Object.entries(added).filter(([key, text]) => {
    const given = placeholdersOf(Object.hasOwn(english, key) ? english[key]! : text);
    return placeholdersOf(text).some((name) => !given.includes(name) && name !== 'count');
  });
  const problemOf = (problem: string, remedy: string) => ({ option: 'pagesWords', problem, remedy });
  return [
    ...(unused.length > 0
      ? [
          problemOf(
            `contains ${language}.json with ${shown(unused)}, which nothing shows`,
            'remove or correct these keys',
          ),
        ]
      : []),
    ...wrong.map(([key]) => {
      const given = placeholdersOf(english[key]!).map((name) => `{${name}}`);
      const remedy = given.length > 0 ? `use only: ${given.join(', ')}` : 'use no {…} in it';
      return problemOf(`contains ${language}.json whose ${key} shows a value that it is not given`, remedy);
    }),
  ];
}

function readFolder(folder: string, languages: readonly string[], problems: ConfigurationProblem[]): WordsByLanguage {
  const refuse = (problem: string, remedy: string) => problems.push({ option: 'pagesWords', problem, remedy });
  const own: Record<string, Words> = {};
  try {
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.json'))) {
      const language = name.slice(0, -'.json'.length);
      const words = readWords(join(folder, name));
      if (!languages.includes(language)) {
        refuse(
          `contains ${name}, but ${environmentName('pagesLanguages')} does not list ${language}`,
          'list it, or remove the file',
        );
      } else if (words === null)
        refuse(`contains ${name}, which is no JSON object of texts`, 'write it as {"key": "text"}');
      else own[language] = words;
    }
  } catch (error) {
    refuse(`cannot be read (${(error as NodeJS.ErrnoException).code})`, 'set it to a folder with <tag>.json files');
  }
  return own;
}

/** Null for anything but a flat object of texts. */
function readWords(file: string): Words | null {
  const source = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  try {
    const words: unknown = JSON.parse(source);
    const isFlat = typeof words === 'object' && words !== null && !Array.isArray(words);
    return isFlat && Object.values(words).every((text) => typeof text === 'string' && text.trim() !== '')
      ? (words as Words)
      : null;
  } catch {
    return null;
  }
}

function shown(keys: readonly string[]): string {
  const more = keys.length - SHOWN;
  return more > 0 ? `${keys.slice(0, SHOWN).join(', ')} and ${more} more` : keys.join(', ');
}
