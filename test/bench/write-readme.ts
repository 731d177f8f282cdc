import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from './harness/machine.js';
import { ROOT } from './harness/stores.js';
import { isMet, table } from './harness/table.js';
import type { Figure } from './row.js';

const BEGIN = '<!-- figures: written by `npm run bench` -->';

/** Replaces everything below the mark in README.md. */
export function writeReadme(figures: readonly Figure[], postgres: string | null): void {
  const file = join(ROOT, 'test/bench/README.md');
  const [before] = readFileSync(file, 'utf8').split(BEGIN);
  const missed = figures.filter((figure) => isMet(figure) === false).map(({ row }) => `- ${row}`);
  const text = [
    `${before!.trimEnd()}\n\n${BEGIN}\n`,
    `Measured on ${new Date().toISOString().slice(0, 10)}: ${machine()}; ${versions(postgres)}.\n`,
    `${table(figures)}\n`,
    missed.length > 0
      ? `Not reached in this run:\n\n${missed.join('\n')}\n`
      : 'Every target was reached in this run.\n',
  ];
  writeFileSync(file, text.join('\n'));
}

/** Of what the figures depend on, in one line. */
export function versions(postgres: string | null): string {
  const names = ['@nestjs/core', 'fastify', 'express', 'passport', 'pg', 'redis', 'argon2'];
  const versionOf = (name: string) =>
    JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version as string;
  const shown = names.map((name) => `${name} ${versionOf(name)}`);
  return [...(postgres ? [`PostgreSQL ${postgres}`] : []), ...shown].join(', ');
}
