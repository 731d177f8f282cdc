import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigurationProblem } from '../../config/option-section.js';

/**
 * The templates of a team, by name.
 *
 * @param known names of pages, and `layout`
 * @param problems what is wrong with the folder is added
 */
export function readPageTemplates(
  folder: string,
  known: readonly string[],
  problems: ConfigurationProblem[],
): ReadonlyMap<string, string> {
  const templates = new Map<string, string>();
  if (!folder) return templates;
  const refuse = (problem: string, remedy: string) => problems.push({ option: 'pagesTemplates', problem, remedy });
  try {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.eta'))) {
      const name = file.slice(0, -'.eta'.length);
      if (!known.includes(name)) refuse(`contains ${file}, which no page uses`, `use these names: ${known.join(', ')}`);
      else templates.set(name, readFileSync(join(folder, file), 'utf8').replace(/^\uFEFF/, ''));
    }
  } catch (error) {
    refuse(`cannot be read (${(error as NodeJS.ErrnoException).code})`, 'set it to a folder with templates');
  }
  return templates;
}
