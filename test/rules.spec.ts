import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

it('test/README.md says which rule is proven where; else run "npm run write:test-readme"', () => {
  const current = execFileSync(process.execPath, [join(__dirname, 'rules.mjs')], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const written = readFileSync(join(__dirname, 'README.md'), 'utf8');
  const [missing, stale] = [linesOf(current, written), linesOf(written, current)];
  const remedy = 'test/README.md is stale: npm run write:test-readme';
  expect({ remedy, missing, stale, isSame: current === written }).toEqual({
    remedy,
    missing: [],
    stale: [],
    isSame: true,
  });
});

/** Those of the one that the other has not. */
function linesOf(one: string, other: string): string[] {
  const known = new Set(other.split('\n'));
  return one.split('\n').filter((line) => !known.has(line));
}
