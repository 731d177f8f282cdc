import { Options } from '../config/options.js';
import { pagesOf, wordsOf } from '../features.js';
import { DeclaredWords } from '../languages/catalogue.js';
import type { WordsByLanguage } from '../languages/define-words.js';
import { catalogueOf } from '../languages/languages.feature.js';
import { Assets } from '../pages/assets/assets.js';
import { DeclaredPages } from '../pages/define-templates.js';
import { withPagesOfService } from '../pages/pages-options.js';
import { LAYOUT_NAME, Theme } from '../pages/theme/theme.js';
import { checkPage } from '../pages/trial/page-checks.js';
import { PageTrial } from '../pages/trial/page-trial.js';
import { serviceSections } from '../service/service-sections.js';
import { isHosted, withApplication } from './application.js';
import { CommandFailure } from './command-failure.js';

interface Pages {
  readonly trial: PageTrial;
  readonly declared: DeclaredPages;
  readonly theme: Theme;
}

/** `pages list`: every template, and whose it is. */
export function listPages(): Promise<void> {
  return withPages(({ declared, theme }) => {
    for (const name of [LAYOUT_NAME, ...[...declared.keys()].sort()])
      process.stdout.write(`${name}${theme.templates.has(name) ? '  (PAGES_TEMPLATES)' : ''}\n`);
  });
}

/** `pages check`: writes every page in every language and judges it. @throws CommandFailure when anything is wrong */
export function checkPages(): Promise<void> {
  return withPages(({ trial }) => {
    const tried = trial.tryPages();
    const lines = tried.flatMap(({ name, language, html, problem }) =>
      html === null
        ? [`FAIL  ${problem}\n      -> correct that template, or the words it uses`]
        : checkPage(html, language).map(
            (finding) => `FAIL  ${name} in ${language} ${finding.problem}\n      -> ${finding.remedy}`,
          ),
    );
    for (const line of lines) process.stdout.write(`${line}\n`);
    if (lines.length > 0)
      throw new CommandFailure('A page failed.', 'correct what is marked FAIL, then run the command again');
    const pages = new Set(tried.map(({ name }) => name)).size;
    const languages = [...new Set(tried.map(({ language }) => language))];
    process.stdout.write(`${pages} pages are well, in ${languages.join(', ')}\n`);
  });
}

/**
 * `pages words`: every built-in word in one language, as a file for `PAGES_WORDS` to be changed or translated.
 *
 * @throws CommandFailure for a language without words
 */
export async function printWords({ language }: { readonly language: string }): Promise<void> {
  const print = (declared: WordsByLanguage) => {
    const words = Object.hasOwn(declared, language) ? declared[language] : undefined;
    if (!words) {
      const problem = `There are no words in ${language}.`;
      throw new CommandFailure(problem, `name one of these languages: ${Object.keys(declared).join(', ')}`);
    }
    process.stdout.write(`${JSON.stringify(words, null, 2)}\n`);
  };
  if (!isHosted()) return print(wordsOf());
  await withApplication(async (part) => print(part(DeclaredWords)));
}

/** Of the service without its database, so that it can be run anywhere; of a host, whose code configures it, by starting it. */
async function withPages(work: (pages: Pages) => void): Promise<void> {
  if (isHosted()) {
    await withApplication(async (part) =>
      work({ trial: part(PageTrial), declared: part(DeclaredPages), theme: part(Theme) }),
    );
    return;
  }
  const options = Options.resolve(serviceSections, withPagesOfService(Options.readEnvironment(serviceSections)));
  const declared = pagesOf();
  const assets = new Assets();
  const theme = new Theme(declared, assets, options);
  work({ trial: new PageTrial(declared, catalogueOf(wordsOf(), options), assets, theme), declared, theme });
}
