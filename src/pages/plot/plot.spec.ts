import { type PlotParams, type PlotSeries, plot } from './plot.js';

const WORDS = { label: 'Time', asNumbers: 'As numbers', nothing: 'Nothing measured yet.' };

describe('a plot', () => {
  it('has a line for each series, told apart by dash as well as by colour', () => {
    const html = drawn([line('logins', 1, 2, 3), line('failures', 0, 1, 0)]);
    const strokes = [
      ...html.matchAll(/<path class="plot-line plot-(\d)" d="(M[^"]+L[^"]+)"( stroke-dasharray="[^"]+")?/g),
    ];
    expect(strokes.map(([, colour, , dash]) => [colour, dash])).toEqual([
      ['1', undefined],
      ['2', ' stroke-dasharray="8 5"'],
    ]);
  });

  it('says what is to be seen in the place of the picture', () => {
    expect(drawn([line('logins', 1, 2, 3)])).toContain('role="img" aria-label="Logins rise to 3."');
  });

  it('has the same numbers as a table', () => {
    const html = drawn([line('logins', 1, 2, 1234.5), line('failures', 0, null, 0)]);
    expect(rowsOf(html)).toEqual([
      ['Time', 'logins', 'failures'],
      ['10:00', '1', '0'],
      ['10:01', '2', '–'],
      ['10:02', '1234.5', '0'],
    ]);
  });

  it('has labels as HTML, which do not scale, and none within the picture', () => {
    const html = drawn([line('logins', 1, 2, 3)]);
    expect(html).not.toContain('<text');
    expect(html).toContain(
      '<div class="plot-x" aria-hidden="true"><span>10:00</span><span>10:01</span><span>10:02</span></div>',
    );
    expect(html).toContain('<div class="plot-y" aria-hidden="true"><span>5</span><span>2.5</span><span>0</span></div>');
  });

  it('interrupts the line where nothing is known, and shows a value between two gaps as a dot', () => {
    expect(pathOf(drawn([line('a', 1, null, 1)]))).toBe('M0 0h0M600 0h0');
    expect(pathOf(drawn([line('a', null, null, 1)]))).toBe('M600 0h0');
    expect(pathOf(drawn([line('a', 1, 0, null)]))).toBe('M0 0L300 120');
  });

  it.each([[[]], [[line('a', null, null, null)]], [[line('a', Number.NaN, Number.POSITIVE_INFINITY, null)]]])(
    'says so when there is nothing to show',
    (series) => {
      const html = drawn(series);
      expect(html).toContain('Nothing measured yet.');
      expect(html).not.toContain('<svg');
    },
  );

  it('shows a single value', () => {
    const html = drawn([{ name: 'a', values: [7] }], { labels: ['10:00'] });
    expect(pathOf(html)).toBe('M300 36h0');
    expect(rowsOf(html)).toEqual([
      ['Time', 'a'],
      ['10:00', '7'],
    ]);
  });

  it.each([0, 1e-12, 1e21, Number.MAX_VALUE, -5])('draws within its frame whatever the numbers are: %d', (value) => {
    const numbers = [...pathOf(drawn([line('a', value, 0, value)])).matchAll(/[ML](-?[\d.]+) (-?[\d.e+]+)/g)];
    expect(numbers).toHaveLength(3);
    for (const [, x, y] of numbers) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x)).toBeLessThanOrEqual(600);
      expect(Number(y)).toBeGreaterThanOrEqual(0);
      expect(Number(y)).toBeLessThanOrEqual(120);
    }
  });

  it('shows one series as bars', () => {
    const html = drawn([line('requests', 1, 0, 2)], { shape: 'bars' });
    expect(html).toContain('<path class="plot-bars plot-1" d="M20 120V60h160V120zM420 120V0h160V120z"/>');
  });

  it('is inert whatever its texts hold, and has no inline style or script', () => {
    const bad = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const html = drawn([{ name: bad, values: [1, 2, 3] }, line('b', 1, 1, 1)], {
      title: bad,
      finding: bad,
      labels: [bad, bad, bad],
      words: { label: bad, asNumbers: bad, nothing: bad },
      formatValue: () => bad,
    });
    expect(html).not.toMatch(/<script|<img/);
    expect(html).not.toMatch(/\sstyle=|<style/);
    expect(html.match(/aria-label="([^"]*)"/)![1]).not.toContain('<');
  });

  it('refuses more series than can be told apart, and values without a label', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((name) => line(name, 1, 2, 3));
    expect(() => drawn(five)).toThrow(RangeError);
    expect(() => drawn([line('a', 1, 2)])).toThrow(RangeError);
  });
});

function drawn(series: readonly PlotSeries[], params: Partial<PlotParams> = {}): string {
  return plot({
    title: 'Logins a minute',
    finding: 'Logins rise to 3.',
    labels: ['10:00', '10:01', '10:02'],
    series,
    words: WORDS,
    formatValue: String,
    ...params,
  });
}

function line(name: string, ...values: (number | null)[]): PlotSeries {
  return { name, values };
}

function pathOf(html: string): string {
  return html.match(/class="plot-line plot-1" d="([^"]*)"/)![1]!;
}

function rowsOf(html: string): string[][] {
  const rows = html.match(/<tr>.*?<\/tr>/g) ?? [];
  return rows.map((row) => [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map(([, cell]) => cell!));
}
