import { escapeHtml } from '../../kernel/escape-html.js';
import { axisTop, barsOf, lineOf } from './plot-geometry.js';

/** One line, or one set of bars, of a plot. */
export interface PlotSeries {
  /** As the legend and the table have it. */
  readonly name: string;
  /** One for each label; null, or what is no finite number: nothing is known, which is a gap. Below 0 counts as 0. */
  readonly values: readonly (number | null)[];
}

/** The words of a plot, already in the language of the page. */
export interface PlotWords {
  /** Heads the column of labels, e.g. `Time`. */
  readonly label: string;
  /** Opens the table, e.g. `As numbers`. */
  readonly asNumbers: string;
  /** Stands in the place of a plot without a value. */
  readonly nothing: string;
}

/** The content of a plot. */
export interface PlotParams {
  /** Its heading, with the unit, e.g. `Logins a minute`. */
  readonly title: string;
  /** The finding in one sentence: read out in the place of the picture. */
  readonly finding: string;
  /** Of the points, from left to right. All stand in the table; the first, the middle one and the last below the plot. */
  readonly labels: readonly string[];
  /** At most four; they are told apart by dash as well as by colour. */
  readonly series: readonly PlotSeries[];
  /** Default: `lines`. `bars` shows the first series only. */
  readonly shape?: 'lines' | 'bars';
  readonly words: PlotWords;
  /** A value as text, e.g. with the separators of the language. */
  formatValue(value: number): string;
}

/** Presentation attributes: a `style` would need a weaker policy. */
const DASHES = ['', '8 5', '2 4', '12 4 2 4'];
const WIDTH = 600;
const HEIGHT = 120;

/**
 * A plot as HTML: an SVG that scales, its labels beside it, which do not, and a table of the same numbers. Every text is escaped. Pure: the
 * same numbers give the same text.
 *
 * @throws RangeError for more than four series, or a series that has not one value for each label
 */
export function plot({ title, finding, labels, series, shape = 'lines', words, formatValue }: PlotParams): string {
  const shown = shape === 'bars' ? series.slice(0, 1) : series;
  assertDrawable(shown, labels.length);
  const known = shown.map(({ name, values }) => ({ name, values: values.map(drawable) }));
  const highest = Math.max(0, ...known.flatMap(({ values }) => values.filter((value) => value !== null)));
  const hasValue = known.some(({ values }) => values.some((value) => value !== null));
  const caption = `<figcaption>${escapeHtml(title)}</figcaption>`;
  if (!hasValue) return `<figure class="plot">${caption}<p class="hint">${escapeHtml(words.nothing)}</p></figure>`;
  const top = axisTop(highest);
  const drawn = known.map(({ values }, index) =>
    shape === 'bars' ? barsOf(values, top, WIDTH, HEIGHT) : strokeOf(lineOf(values, top, WIDTH, HEIGHT), index),
  );
  return [
    `<figure class="plot">${caption}<div class="plot-frame">`,
    `<div class="plot-y" aria-hidden="true">${[top, top / 2, 0].map((value) => span(formatValue(value))).join('')}</div>`,
    `<svg class="plot-area" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(finding)}">`,
    `<path class="plot-grid" d="M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}"/>${drawn.join('')}</svg>`,
    `<div class="plot-x" aria-hidden="true">${ends(labels).map(span).join('')}</div></div>`,
    known.length > 1 ? legend(known) : '',
    `<details><summary>${escapeHtml(words.asNumbers)}</summary>${table(known, labels, words.label, formatValue)}</details></figure>`,
  ].join('');
}

function assertDrawable(series: readonly PlotSeries[], points: number): void {
  if (series.length > DASHES.length) throw new RangeError(`a plot tells ${DASHES.length} series apart at most`);
  const odd = series.find(({ values }) => values.length !== points);
  if (odd) throw new RangeError(`${odd.name} has ${odd.values.length} values for ${points} labels`);
}

function drawable(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.max(0, value);
}

function strokeOf(path: string, index: number): string {
  const dash = DASHES[index] ? ` stroke-dasharray="${DASHES[index]}"` : '';
  return `<path class="plot-line plot-${index + 1}" d="${path}"${dash}/>`;
}

function legend(series: readonly PlotSeries[]): string {
  const items = series.map(({ name }, index) => {
    const key = `<svg class="plot-key" viewBox="0 0 32 8" aria-hidden="true">${strokeOf('M0 4H32', index)}</svg>`;
    return `<li>${key}${escapeHtml(name)}</li>`;
  });
  return `<ul class="plot-legend">${items.join('')}</ul>`;
}

function table(
  series: readonly PlotSeries[],
  labels: readonly string[],
  label: string,
  formatValue: (value: number) => string,
): string {
  const heads = [label, ...series.map(({ name }) => name)].map((name) => `<th scope="col">${escapeHtml(name)}</th>`);
  const rows = labels.map((at, row) => {
    const cells = series.map(({ values }) => {
      const value = values[row]!;
      return `<td>${value === null ? '–' : escapeHtml(formatValue(value))}</td>`;
    });
    return `<tr><th scope="row">${escapeHtml(at)}</th>${cells.join('')}</tr>`;
  });
  return `<table class="plot-table"><thead><tr>${heads.join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function ends(labels: readonly string[]): string[] {
  if (labels.length < 3) return [...labels];
  return [labels[0]!, labels[Math.floor((labels.length - 1) / 2)]!, labels.at(-1)!];
}

function span(text: string): string {
  return `<span>${escapeHtml(text)}</span>`;
}
