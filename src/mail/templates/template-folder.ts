import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../config/configuration-error.js';
import type { MailDeclaration } from './mail-declaration.js';
import { builtInTemplates, LAYOUT, TEMPLATE_PARTS, type TemplatePart } from './template-sources.js';
import type { TemplateKind } from './template-values.js';

/** Source of every template. */
export interface TemplateSources {
  readonly layout: string;
  readonly templates: ReadonlyMap<TemplateKind, Readonly<Record<TemplatePart, string>>>;
}

/**
 * The built-in templates, and in their place what lies in `folder`: `<kind>.subject.eta`, `<kind>.txt.eta`, `<kind>.html.eta`,
 * `layout.html.eta`.
 *
 * @throws ConfigurationError for a folder that cannot be read, and a template no mail has: it would be ignored in silence
 */
export function readTemplates(declared: ReadonlyMap<TemplateKind, MailDeclaration>, folder: string): TemplateSources {
  const own = folder ? readFolder(folder, [...declared.keys()]) : new Map<string, string>();
  const templates = [...declared].map(([kind, declaration]) => {
    const built = builtInTemplates(declaration);
    const parts = TEMPLATE_PARTS.map((part) => [part, own.get(`${kind}.${part}.eta`) ?? built[part]] as const);
    return [kind, Object.fromEntries(parts) as Record<TemplatePart, string>] as const;
  });
  return { layout: own.get('layout.html.eta') ?? LAYOUT, templates: new Map(templates) };
}

/** What is wrong with the folder of templates, as the configuration says it. */
export function templateProblem(problem: string, remedy: string): ConfigurationError {
  return new ConfigurationError([{ option: 'mailTemplates', problem, remedy }]);
}

function readFolder(folder: string, kinds: readonly TemplateKind[]): Map<string, string> {
  const known = ['layout.html.eta', ...kinds.flatMap((kind) => TEMPLATE_PARTS.map((part) => `${kind}.${part}.eta`))];
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.eta'));
    const stray = names.filter((name) => !known.includes(name));
    if (stray.length > 0)
      throw templateProblem(
        `contains ${stray.join(', ')}, which no e-mail uses`,
        `use these names: ${known.join(', ')}`,
      );
    return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8').replace(/^\uFEFF/, '')]));
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw templateProblem(
      `cannot be read (${(error as NodeJS.ErrnoException).code})`,
      'set it to a folder with templates',
    );
  }
}
