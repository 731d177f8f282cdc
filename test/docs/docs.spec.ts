import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { environmentName } from '../../src/config/option-section.js';
import { serviceSections } from '../../src/service/service-sections.js';
import { allPages, brokenBy, codeBlocksOf, linksOf, pagesUnder, ROOT, shippedPages, textOf } from './markdown.js';

describe('the README', () => {
  it('begins with the two commands', () => {
    expect(codeBlocksOf('README.md')[0]).toEqual({ language: 'sh', code: 'npm ci && npm start\nnpm ci && npm test\n' });
  });

  it('is read to the end: at most 150 lines', () => {
    expect(textOf('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('shows figures that the benchmark has measured, with their date', () => {
    const report = textOf('test/bench/README.md');
    const measured = new Set(tableRows(report).map((cells) => cells.slice(0, 3).join(' | ')));
    const [, shown = ''] = /^## Measured\n([\s\S]*?)^## /m.exec(textOf('README.md')) ?? [];
    const rows = tableRows(shown).slice(2);
    expect(rows.length).toBe(4);
    expect(rows.map((cells) => cells.join(' | ')).filter((row) => !measured.has(row))).toEqual([]);
    const date = /Measured on (\d{4}-\d\d-\d\d)/;
    expect(date.exec(shown)?.[1]).toBe(date.exec(report)?.[1]);
  });
});

describe('the pages', () => {
  it('link to files and headings that exist', () => {
    const broken = allPages().flatMap((page) =>
      linksOf(page).map((link) => ({ page, link: link.link, why: brokenBy(link) })),
    );
    expect(broken.length).toBeGreaterThan(50);
    expect(broken.filter(({ why }) => why !== null)).toEqual([]);
  });

  it('that the package ships link only to what it ships', () => {
    const { files } = JSON.parse(textOf('package.json')) as { files: string[] };
    expect(files).toEqual(expect.arrayContaining(['docs', 'CHANGELOG.md', 'SECURITY.md']));
    const shipped = new Set([...shippedPages(), 'LICENSE']);
    const outside = shippedPages().flatMap((page) =>
      linksOf(page)
        .filter(({ file }) => !shipped.has(file) && !file.startsWith('docs/'))
        .map(({ link }) => ({ page, link })),
    );
    expect(outside).toEqual([]);
  });

  it('under docs are all in the index', () => {
    const listed = new Set(linksOf('docs/README.md').map(({ file }) => file));
    expect(pagesUnder('docs').filter((page) => page !== 'docs/README.md' && !listed.has(page))).toEqual([]);
  });

  it('name no variable that does not exist', () => {
    const known = new Set(serviceSections.flatMap(({ specs }) => Object.keys(specs).map(environmentName)));
    const exported = textOf('src/index.ts') + textOf('src/internal.ts');
    const ofHosts = ['ACCOUNTS_URL', 'AUTH_URL', 'NEXT_PUBLIC_AUTH_URL', 'VERIFY_KEY'];
    const outside = new Set([
      ...['NODE_ENV', 'NODE_OPTIONS', 'LAB_FORM', 'APP_URL', 'CLIENT_ID', 'CLIENT_SECRET', 'REMOTE_USER'],
      ...['BETTER_AUTH_SECRET', 'BETTER_AUTH_SECRETS'],
      ...ofHosts,
    ]);
    const unknown = ['README.md', ...pagesUnder('docs')].flatMap((page) =>
      [...textOf(page).matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g)]
        .map(([, name]) => ({ page, name: name! }))
        .filter(({ name }) => !known.has(name) && !outside.has(name) && !exported.includes(name)),
    );
    expect(unknown).toEqual([]);
  });
});

it('every feature has a README of at most 25 lines', () => {
  const foldersOf = (path: string) =>
    readdirSync(join(ROOT, path), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => `${path}/${entry.name}`);
  const kinds = ['src/factors', 'src/strategies', 'src/stores'];
  const features = [...foldersOf('src').filter((path) => !kinds.includes(path)), ...kinds.flatMap(foldersOf)];
  const cards = pagesUnder('src').filter((page) => page.endsWith('/README.md') && page !== 'src/README.md');
  expect(features.length).toBeGreaterThan(30);
  expect(features.filter((path) => !cards.includes(`${path}/README.md`))).toEqual([]);
  expect(cards.filter((card) => textOf(card).trimEnd().split('\n').length > 25)).toEqual([]);
});

it('the map of the sources fits on one screen and leads to every feature', () => {
  expect(textOf('src/README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(70);
  const linked = new Set(linksOf('src/README.md').map(({ file }) => file));
  const cards = pagesUnder('src').filter((page) => page.endsWith('/README.md') && page !== 'src/README.md');
  expect(cards.filter((card) => !linked.has(card) && card !== 'src/revocation/model/README.md')).toEqual([]);
});

function tableRows(text: string): string[][] {
  return [...text.matchAll(/^\| (.*?) ?\|$/gm)].map(([, row]) => row!.split('|').map((cell) => cell.trim()));
}
