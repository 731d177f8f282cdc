import type { Span } from '../../measurements/measurement-series.js';
import { plot } from '../../pages/plot/plot.js';
import type { Figure } from './figures.js';

type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string;

/** The properties that all figures of a page share. */
export interface Frame {
  readonly span: Span;
  readonly times: readonly Date[];
  readonly t: Translate;
  readonly lang: string;
}

const LABELS: Readonly<Record<Span, Intl.DateTimeFormatOptions>> = {
  hour: { hour: '2-digit', minute: '2-digit' },
  day: { hour: '2-digit', minute: '2-digit' },
  week: { weekday: 'short', hour: '2-digit', minute: '2-digit' },
  month: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  year: { day: 'numeric', month: 'short', year: 'numeric' },
};

/** A figure as HTML, in the reader's language. Times are in UTC. */
export function drawnFigure({ key, series }: Figure, { span, times, t, lang }: Frame): string {
  const locale = lang === 'en' ? 'en-GB' : lang;
  const time = new Intl.DateTimeFormat(locale, { ...LABELS[span], timeZone: 'UTC' });
  const number = new Intl.NumberFormat(lang, { maximumSignificantDigits: 3 });
  const formatValue = (value: number) => number.format(value);
  const labels = times.map((at) => time.format(at));
  const named = series.map(({ word, name, values }) => ({
    name: word === '' ? name : t(`admin-overview.series.${word}`),
    values,
  }));
  return plot({
    title: t(`admin-overview.${key}`, { each: t(`admin-overview.each.${span}`) }),
    finding: named.map((line) => findingOf(line, labels, t, formatValue)).join(' '),
    labels,
    series: named,
    words: {
      label: t('admin-overview.time'),
      asNumbers: t('admin-overview.as-numbers'),
      nothing: t('admin-overview.nothing'),
    },
    formatValue,
  });
}

function findingOf(
  { name, values }: { readonly name: string; readonly values: readonly (number | null)[] },
  labels: readonly string[],
  t: Translate,
  formatValue: (value: number) => string,
): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return t('admin-overview.finding.none', { name });
  const highest = Math.max(...known);
  return t('admin-overview.finding', {
    name,
    latest: formatValue(known.at(-1)!),
    highest: formatValue(highest),
    at: labels[values.indexOf(highest)]!,
  });
}
