import type { Figure } from '../row.js';

/** A Markdown table of all figures, with what each had to reach. */
export function table(figures: readonly Figure[]): string {
  const cells = figures.map((figure) => [
    figure.row,
    figureOf(figure),
    ratioOf(figure),
    targetOf(figure),
    verdict(figure),
    figure.note ?? '',
  ]);
  const head = ['what', 'figure', 'ratio', 'target', '', ''];
  const widths = head.map((title, at) => Math.max(3, title.length, ...cells.map((row) => row[at]!.length)));
  const line = (row: string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** Whether it reaches its target; null without one. */
export function isMet({ value, ratio, target }: Figure): boolean | null {
  const judged = ratio ?? value;
  if (!target || judged === null) return null;
  return judged >= (target.atLeast ?? -Infinity) && judged <= (target.atMost ?? Infinity);
}

function verdict(figure: Figure): string {
  const met = isMet(figure);
  if (met === null) return figure.target ? 'not measured' : '';
  if (met) return 'met';
  const floor = figure.target!.floor;
  return floor !== undefined && (figure.ratio ?? figure.value!) >= floor ? 'near' : 'MISSED';
}

function figureOf({ value, unit }: Figure): string {
  return value === null ? '–' : `${rounded(value)} ${unit}`;
}

function ratioOf({ ratio, of }: Figure): string {
  return ratio === undefined ? '' : `${rounded(ratio)} of ${of}`;
}

function targetOf({ target, ratio, unit }: Figure): string {
  if (!target) return '';
  const shown = ratio === undefined ? ` ${unit}` : '';
  const floor = target.floor === undefined ? '' : ` (floor ${target.floor})`;
  return target.atLeast === undefined ? `≤ ${target.atMost}${shown}` : `≥ ${target.atLeast}${shown}${floor}`;
}

function rounded(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
