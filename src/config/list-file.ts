import { readFileSync } from 'node:fs';
import type { ConfigurationProblem } from './option-section.js';

/** The content of a file, and everything that is wrong with it. */
export interface ReadFile<T> {
  readonly entries: readonly T[];
  readonly problems: readonly ConfigurationProblem[];
}

/** The objects in a file that is a JSON list of them. */
export function readListFile(file: string, option: string): ReadFile<Readonly<Record<string, unknown>>> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = code === undefined ? 'is a file that is not JSON' : `names a file that cannot be read: ${code}`;
    return { entries: [], problems: [{ option, problem, remedy: 'name a readable file with a JSON list' }] };
  }
  if (Array.isArray(json) && json.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one)))
    return { entries: json, problems: [] };
  return { entries: [], problems: [problemOf(option, 'the file must be a JSON list of objects')] };
}

/** A problem with what a file says. */
export function problemOf(option: string, what: string): ConfigurationProblem {
  return {
    option,
    problem: `has a file with a mistake: ${what}`,
    remedy: 'correct the entry in the file, or remove it',
  };
}
