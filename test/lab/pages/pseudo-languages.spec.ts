import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Options } from '../../../src/config/options.js';
import { pagesOf, wordsOf } from '../../../src/features.js';
import { Catalogue } from '../../../src/languages/catalogue.js';
import type { Words } from '../../../src/languages/define-words.js';
import { Assets } from '../../../src/pages/assets/assets.js';
import { Theme } from '../../../src/pages/theme/theme.js';
import { checkPage } from '../../../src/pages/trial/page-checks.js';
import { PageTrial } from '../../../src/pages/trial/page-trial.js';
import { serviceSections } from '../../../src/service/service-sections.js';
import { Chromium, inChromium, type Window } from '../../pages/browser.js';

const ACCENTS: Readonly<Record<string, string>> = {
  a: 'å',
  e: 'é',
  i: 'î',
  o: 'ø',
  u: 'ü',
  c: 'ç',
  n: 'ñ',
  y: 'ý',
  A: 'Å',
  E: 'É',
  I: 'Î',
  O: 'Ø',
  U: 'Ü',
  N: 'Ñ',
};

/** English that can be told from English, two fifths longer: each word grows, as words of other languages do. */
function pseudo(text: string): string {
  return text.replace(/\{\w+\}|[^\s{}]+/g, (word) => {
    if (word.startsWith('{')) return word;
    const accented = word.replace(/[a-z]/gi, (letter) => ACCENTS[letter] ?? letter);
    return accented + '~'.repeat(Math.ceil(word.length * 0.4));
  });
}

const PSEUDO: Words = Object.fromEntries(Object.entries(wordsOf().en!).map(([key, text]) => [key, pseudo(text)]));
/** A longer one, and one that is read from the right. Only here: no reader asks for them. */
const LANGUAGES = ['en-XA', 'ar-XB'];

const declared = pagesOf();
const assets = new Assets();
const options = Options.resolve(serviceSections, { nodeEnv: 'test' } as never);
const catalogue = new Catalogue(LANGUAGES, { 'en-XA': PSEUDO, 'ar-XB': PSEUDO });
const tried = new PageTrial(declared, catalogue, assets, new Theme(declared, assets, options)).tryPages();
const path = ({ name, language }: { name: string; language: string }) => `/${language}/${name}`;

inChromium('in a language that is longer, and in one that is read from the right', () => {
  let server: Server;
  let chromium: Chromium;
  let window: Window;

  beforeAll(async () => {
    const pages = new Map(tried.map((page) => [path(page), page.html]));
    server = createServer((request, reply) => {
      const asset = assets.find(request.url!.slice('/assets/'.length));
      const page = pages.get(request.url!);
      reply.writeHead(asset || page ? 200 : 404, { 'Content-Type': asset?.type ?? 'text/html; charset=utf-8' });
      reply.end(asset?.content ?? page ?? '');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    chromium = await Chromium.start();
    window = await chromium.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
      width: 360,
      scripts: true,
    });
  });
  afterAll(async () => {
    await chromium?.close();
    server?.closeAllConnections();
    server?.close();
  });

  it('no heading is left that is none of the words, but those with the name of a user', () => {
    const english = tried.filter(({ html }) => /<h1[^>]*>[^<~]*<\/h1>/.test(html ?? '')).map(({ name }) => name);
    expect(english.filter((name) => !name.startsWith('admin-user'))).toEqual([]);
  });

  it.each(tried.map((page) => [page.name, page.language, page] as const))(
    '%s stays within 360 and 320 px in %s, and is well',
    async (_name, language, page) => {
      expect(page.problem).toBeNull();
      expect(checkPage(page.html!, language)).toEqual([]);
      expect(await window.goto(path(page))).toBe(200);
      expect({ 360: await window.overflow(360), 320: await window.overflow(320) }).toEqual({ 360: [], 320: [] });
    },
  );
});
