import { type ConfigurationProblem, defineOptions, list, text } from '../config/option-section.js';

export interface LanguagesOptions {
  readonly pagesLanguages: readonly string[];
  readonly pagesWords: string;
}

export const languagesOptions = defineOptions<LanguagesOptions>({
  title: 'Languages',
  specs: {
    pagesLanguages: list({
      default: ['en', 'de'],
      shape: 'language tags, comma-separated',
      each: isTag,
      description:
        'Languages of the pages and e-mails, of the built-in ones (`en`, `de`) and those in `PAGES_WORDS`. The first one is used for readers whose language is unknown or not listed.',
    }),
    pagesWords: text({
      default: '',
      shape: 'folder',
      description:
        'Folder with words of your own, one file `<tag>.json` for each language: `{"sign-in.title": "…"}`. A file for a built-in language replaces the words that it contains; any other must contain all of them. Empty: none.',
    }),
  },
  validate: ({ pagesLanguages }) => tagProblems(pagesLanguages),
});

/** A tag as BCP 47 writes it: `de`, `pt-BR`. */
function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}

function tagProblems(tags: readonly string[]): ConfigurationProblem[] {
  if (tags.length > 0 && new Set(tags).size === tags.length) return [];
  const remedy = 'list each language once, e.g. en,de';
  return [{ option: 'pagesLanguages', problem: 'is empty or lists a language twice', remedy }];
}
