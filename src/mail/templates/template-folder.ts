import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../config/configuration-error.js';
import type { MailDeclaration } from './mail-declaration.js';
import { builtInTemplates, LAYOUT, TEMPLATE_PARTS } from './template-sources.js';
import type { TemplateKind } from './template-values.js';

/** Source of every template by its name (`layout.html`, `password-reset.txt`), and of those of one language by `de/password-reset.txt`. */
export type TemplateSources = ReadonlyMap<string, string>;

/** Where the templates of a team are, and of what. */
export interface TemplateFolder {
  /** Empty: none. */
  readonly folder: string;
  readonly languages: readonly string[];
}

/**
 * The built-in templates, and in their place what lies in the folder: `<kind>.subject.eta`, `<kind>.txt.eta`, `<kind>.html.eta`,
 * `layout.html.eta`, for all languages; and the same names in a folder `de` for German alone.
 *
 * @throws ConfigurationError for a folder that cannot be read, and a template no mail has: it would be ignored in silence
 */
export function readTemplates(
  declared: ReadonlyMap<TemplateKind, MailDeclaration>,
  { folder, languages }: TemplateFolder,
): TemplateSources {
  const sources = new Map([['layout.html', LAYOUT]]);
  for (const [kind, declaration] of declared) {
    const built = builtInTemplates(kind, declaration);
    for (const part of TEMPLATE_PARTS) sources.set(`${kind}.${part}`, built[part]);
  }
  if (!folder) return sources;
  const known = [...sources.keys()].map((name) => `${name}.eta`);
  for (const name of filesIn(folder, languages)) {
    const stray = known.includes(name.slice(name.indexOf('/') + 1)) ? null : name;
    if (stray !== null)
      throw templateProblem(`contains ${stray}, which no e-mail uses`, `use these names: ${known.join(', ')}`);
    sources.set(name.slice(0, -'.eta'.length), read(folder, name));
  }
  return sources;
}

/** The configuration error for a problem with the folder of templates. */
export function templateProblem(problem: string, remedy: string): ConfigurationError {
  return new ConfigurationError([{ option: 'mailTemplates', problem, remedy }]);
}

/** Templates in the folder, and in those of its folders that are named like a language. */
function filesIn(folder: string, languages: readonly string[]): string[] {
  const there = list(folder);
  const inside = there
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: language }) => {
      const names = templatesOf(list(join(folder, language)));
      if (names.length > 0 && !languages.includes(language)) {
        const remedy = `list ${language} there, or remove the folder`;
        throw templateProblem(`contains the folder ${language}, which is no language of PAGES_LANGUAGES`, remedy);
      }
      return names.map((name) => `${language}/${name}`);
    });
  return [...templatesOf(there), ...inside];
}

function templatesOf(entries: readonly Dirent[]): string[] {
  return entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith('.eta')).map(({ name }) => name);
}

function list(folder: string): Dirent[] {
  return orProblem(() => readdirSync(folder, { withFileTypes: true }));
}

function read(folder: string, name: string): string {
  return orProblem(() => readFileSync(join(folder, name), 'utf8').replace(/^\uFEFF/, ''));
}

function orProblem<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw templateProblem(
      `cannot be read (${(error as NodeJS.ErrnoException).code})`,
      'set it to a folder with templates',
    );
  }
}
