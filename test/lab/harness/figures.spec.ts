import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableOf, withSection } from './figures.js';

const README = readFileSync(join(__dirname, '../README.md'), 'utf8');

describe('the figures in the README', () => {
  it.each(['races', 'faults', 'twins', 'fleet'])('have a place for %s, and leave the rest as it is', (section) => {
    const table = tableOf(['row', 'figure'], [['a row of $1', 1]]);
    const text = withSection(README, section, table, '; a remark');
    const [before, after] = [`<!-- ${section} -->\n`, `\n<!-- end of ${section} -->`];
    expect(text.split(before)[0]).toBe(README.split(before)[0]);
    expect(text.split(after)[1]).toBe(README.split(after)[1]);
    const written = text.split(before)[1]!.split(after)[0]!;
    expect(written).toMatch(/^\d{4}-\d\d-\d\d, Coatcheck \d.*; a remark\.\n\n\| row/);
    expect(written).toContain('| a row of $1 | 1 |');
  });

  it('have no other place', () => {
    expect(() => withSection(README, 'nowhere', '', '')).toThrow('nowhere');
  });
});
