import { Injectable } from '@nestjs/common';
import { Clock } from '../../../kernel/clock.js';
import type { CommonValues } from '../../../pages/page-words.js';
import { plot } from '../../../pages/plot/plot.js';
import type { DayOfUsage } from '../api-key-usage.js';
import { DAYS_SHOWN } from '../api-keys.controller.js';

/** The values that a plot needs from a page: its language. */
type Speaker = Pick<CommonValues, 't' | 'number' | 'lang'>;

/** Draws a plot in the language of the page that asks. */
export type Drawn = (page: Speaker) => string;

const DAY_MILLISECONDS = 86_400_000;

/** How often a key was used, by day. */
@Injectable()
export class UsagePlot {
  constructor(private readonly clock: Clock) {}

  /** @param days those with use, in any order; the others of the last ninety were without */
  of(days: readonly DayOfUsage[]): Drawn {
    const used = new Map(days.map((one) => [one.day, one]));
    const today = Math.floor(this.clock.now().getTime() / DAY_MILLISECONDS);
    const all = Array.from({ length: DAYS_SHOWN }, (_, at) => isoDay(today - DAYS_SHOWN + 1 + at));
    const values = all.map((day) => used.get(day)?.requests ?? 0);
    const [total, refused] = [sum(values), sum(days.map((one) => one.refused))];
    return ({ t, number, lang }) =>
      plot({
        title: t('account-key.usage'),
        finding: t('account-key.usage.finding', { total, refused }),
        labels: all.map((day) => readableDay(day, lang)),
        series: [{ name: t('account-key.usage.requests'), values: total === 0 ? values.map(() => null) : values }],
        shape: 'bars',
        words: {
          label: t('account-key.usage.day'),
          asNumbers: t('account-key.usage.numbers'),
          nothing: t('account-key.usage.nothing'),
        },
        formatValue: number,
      });
  }
}

function isoDay(day: number): string {
  return new Date(day * DAY_MILLISECONDS).toISOString().slice(0, 10);
}

function readableDay(day: string, language: string): string {
  const format = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  });
  return format.format(new Date(`${day}T00:00:00Z`));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
