import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serviceSections } from '../../src/service/create-service.js';
import { configurationTable } from './references.js';

const ROOT = resolve(__dirname, '../..');
const README = join(ROOT, 'README.md');
const BETWEEN = /(<!-- configuration -->\n)([\s\S]*?)(\n<!-- end of configuration -->)/;

describe('the README', () => {
  it('has the configuration table that the code declares (write it anew with UPDATE_DOCS=1)', () => {
    const table = configurationTable(serviceSections);
    const readme = readFileSync(README, 'utf8');
    if (process.env.UPDATE_DOCS === '1')
      writeFileSync(
        README,
        readme.replace(BETWEEN, (_all, start, _old, end) => start + table + end),
      );
    expect(BETWEEN.exec(readFileSync(README, 'utf8'))?.[2]).toBe(table);
  });

  it('names no variable that does not exist', () => {
    const known = new Set(
      [...configurationTable(serviceSections).matchAll(/^\| `([A-Z_0-9]+)`/gm)].map((match) => match[1]),
    );
    const outside = new Set(['NODE_ENV', 'TEST_DATABASE_URL', 'UPDATE_DOCS', 'UV_THREADPOOL_SIZE']);
    const named = [...readFileSync(README, 'utf8').matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g)].map(
      (match) => match[1]!,
    );
    expect(named.filter((name) => !known.has(name) && !outside.has(name))).toEqual([]);
  });

  it('links to nothing that is not there', () => {
    const links = [...readFileSync(README, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map(
      (match) => match[1]!,
    );
    expect(links.filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
  });
});

it('every feature has a README of at most one page', () => {
  const features = ['factors', 'strategies', 'stores'].flatMap((kind) =>
    readdirSync(join(ROOT, 'src', kind)).map((name) => `${kind}/${name}`),
  );
  const plain = readdirSync(join(ROOT, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['factors', 'strategies', 'stores'].includes(entry.name))
    .map((entry) => entry.name);
  for (const feature of [...plain, ...features]) {
    const file = join(ROOT, 'src', feature, 'README.md');
    expect([feature, existsSync(file)]).toEqual([feature, true]);
    expect([feature, readFileSync(file, 'utf8').split('\n').length <= 70]).toEqual([feature, true]);
  }
});
