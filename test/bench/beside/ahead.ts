import type { Compared } from './write.js';

/** Every figure of a peer that is better than one of ours, in words; the document must say so itself. */
export function aheadOfUs({ checks, renewals, endings, logins, memory }: Compared): string[] {
  return [
    ...better('a check', checks, ({ cpuMicros }) => cpuMicros, 'µs of CPU'),
    ...better('a renewal', renewals, ({ cpuMicros }) => cpuMicros, 'µs of CPU'),
    ...better('a logout, p99 of its answer', endings, ({ answeredP99 }) => answeredP99, 'ms'),
    ...better('a login, share of its own raw hash', logins, ({ ratio }) => ratio, '', true),
    ...better('memory in the store', memory, ({ storeBytes }) => storeBytes ?? Number.NaN, 'bytes'),
  ];
}

interface Row {
  readonly contender: { readonly name: string; readonly isOurs: boolean };
}

/** One line a peer: against how many of our rows, and which. */
function better<T extends Row>(
  what: string,
  rows: readonly T[],
  value: (row: T) => number,
  unit: string,
  isMoreBetter = false,
): string[] {
  const ours = rows.filter(({ contender }) => contender.isOurs);
  return rows
    .filter(({ contender }) => !contender.isOurs)
    .flatMap((peer) => {
      const behind = ours.filter((row) => (isMoreBetter ? value(row) < value(peer) : value(row) > value(peer)));
      if (behind.length === 0) return [];
      const names = behind.map((row) => `${row.contender.name} (${figure(value(row), unit)})`);
      return `${what}: **${peer.contender.name}** (${figure(value(peer), unit)}) is ahead of ${names.join('; ')}`;
    });
}

function figure(value: number, unit: string): string {
  if (unit === 'bytes') return `${(value / 1e6).toFixed(1)} MB`;
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(2)}${unit && ` ${unit}`}`;
}
