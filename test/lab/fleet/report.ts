import { tableOf } from '../harness/figures.js';
import type { Outcome } from './run-scenario.js';

const HEADINGS = [
  'sessions in',
  'fault',
  'violations',
  'requests (a second)',
  '200',
  '401',
  '503',
  'no answer',
  'revocations acknowledged (not)',
  'acknowledged after p50 / p99 / max',
  'every node answers after',
  'without look-ups after',
];

/** One table, in Markdown. */
export function reportOf(outcomes: readonly Outcome[]): string {
  return tableOf(HEADINGS, outcomes.map(rowOf));
}

/** What went wrong, in words; empty when nothing did. */
export function complaintsOf(outcome: Outcome): string[] {
  const rules = new Map<string, number>();
  for (const { rule, request, after } of outcome.violations) {
    const what = `${rule} (node ${request.node}, ${request.status} ${request.code ?? ''}, after: ${after.join(', ') || '-'})`;
    rules.set(what, (rules.get(what) ?? 0) + 1);
  }
  const complaints = [...rules].map(([rule, count]) => `${count} times: ${rule}`);
  if (outcome.withoutLookups === null) complaints.push('a node went on asking the store');
  if (outcome.acknowledgements.length === 0) complaints.push('no revocation was acknowledged');
  return complaints;
}

function rowOf(outcome: Outcome): string[] {
  const { answers, acknowledgements, unacknowledged } = outcome;
  const total = [...answers.values()].reduce((sum, count) => sum + count, 0);
  const starting = (text: string) =>
    [...answers].filter(([answer]) => answer.startsWith(text)).reduce((sum, [, count]) => sum + count, 0);
  return [
    outcome.store === 'redis' ? 'Redis' : 'PostgreSQL',
    outcome.scenario,
    String(outcome.violations.length),
    `${total} (${Math.round(outcome.requestsPerSecond)})`,
    ...['200', '401', '503', 'none'].map((status) => String(starting(status))),
    `${acknowledgements.length} (${unacknowledged.length})`,
    [0.5, 0.99, 1].map((share) => milliseconds(quantile(acknowledgements, share))).join(' / '),
    milliseconds(outcome.firstAcceptance),
    milliseconds(outcome.withoutLookups),
  ];
}

function quantile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}

function milliseconds(value: number | null): string {
  return value === null ? '-' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
