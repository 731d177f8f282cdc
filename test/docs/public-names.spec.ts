import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as front from '../../src/index.js';
import * as internal from '../../src/internal.js';
import { ROOT } from './markdown.js';
import { namesOf, otherDoors, type PublicName, publicNamesReference } from './public-names.js';

const REFERENCE = join(ROOT, 'docs/reference/public-names.md');
const DOORS = { 'index.ts': front, 'internal.ts': internal };

describe('public names', () => {
  const promised = namesOf('index.ts');
  const others = otherDoors().map(([specifier, door]): [string, PublicName[]] => [specifier, namesOf(door)]);
  const all = [...promised, ...others.flatMap(([, names]) => names)];

  it('are in the reference with a line each, as their docstrings have it (write it anew with npm run docs)', () => {
    const reference = publicNamesReference(promised, others);
    if (process.env.UPDATE_DOCS === '1') writeFileSync(REFERENCE, reference);
    const written = readFileSync(REFERENCE, 'utf8');
    expect(written).toBe(reference);
    const listed = [...written.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
    expect(listed.sort()).toEqual(all.map(({ name }) => name).sort());
  });

  it('all have a docstring', () => {
    const bare = all.filter(({ sentence }) => sentence === undefined).map(({ name, file }) => `${file}: ${name}`);
    expect(bare).toEqual([]);
  });

  it.each(Object.entries(DOORS))('of %s are all found that it exports', (door, exported) => {
    const names = namesOf(door).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(20);
    expect(Object.keys(exported).filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('are promised or not, never both', () => {
    const unpromised = new Set(namesOf('internal.ts').map(({ name }) => name));
    expect(promised.filter(({ name }) => unpromised.has(name))).toEqual([]);
  });

  it.each(otherDoors())('of %s are all found that it exports', async (_specifier, door) => {
    const exported = await import(join(ROOT, 'src', door));
    const names = namesOf(door).map(({ name }) => name);
    expect(Object.keys(exported).filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});
