import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wordsOf } from '../../src/features.js';
import { testOptions } from '../../src/testing/index.js';
import { freshDatabase } from '../real-postgres.js';
import { runAsProcess, runHere } from './run-command.js';

const ENVIRONMENT = { NODE_ENV: 'test', SECRET_KEY: testOptions.secretKey! };

const words = (...args: string[]) => runHere(['pages', 'words', ...args], '', ENVIRONMENT);

describe('pages words', () => {
  it.each([
    ['English without a language', [], 'en'],
    ['German with --language de', ['--language', 'de'], 'de'],
  ])('prints every built-in word as one JSON object: %s', async (_, args, language) => {
    const { code, out, err } = await words(...args);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual(wordsOf()[language]);
    expect(Object.keys(JSON.parse(out)).sort()).toEqual(Object.keys(wordsOf().en!).sort());
  });

  it.each(['fr', 'DE', '', '__proto__', 'constructor'])(
    'refuses the language %p, which has no words, prints none, and names those that have',
    async (language) => {
      const { code, out, err } = await words('--language', language);
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain(`There are no words in ${language}.`);
      expect(err).toContain('name one of these languages: en, de');
    },
  );

  it('prints a file that PAGES_WORDS takes as a language of its own; a word that it lacks is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'coatcheck-words-'));
    const check = () =>
      runHere(['pages', 'check'], '', { ...ENVIRONMENT, PAGES_WORDS: folder, PAGES_LANGUAGES: 'en,fr' });
    try {
      mkdirSync(folder, { recursive: true });
      const { out } = await words();
      writeFileSync(join(folder, 'fr.json'), out);
      const complete = await check();
      expect([complete.code, complete.err]).toEqual([0, '']);
      expect(complete.out).toContain('in en, fr');
      const { 'sign-in.title': _, ...others } = JSON.parse(out);
      writeFileSync(join(folder, 'fr.json'), JSON.stringify(others));
      const lacking = await check();
      expect([lacking.code, lacking.err]).toEqual([1, expect.stringContaining('sign-in.title')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of an application has the words of its features beside ours, and the languages that only they have', async () => {
    const database = await freshDatabase();
    try {
      const of = async (language: string) => {
        const args = ['--app', join(__dirname, 'host-with-words.mjs'), 'pages', 'words', '--language', language];
        const { code, out, err } = await runAsProcess(args, '', { ...ENVIRONMENT, DATABASE_URL: database.url });
        expect([code, err]).toEqual([0, '']);
        return JSON.parse(out);
      };
      expect(await of('de')).toEqual({ ...wordsOf().de, 'shop.greeting': 'Willkommen' });
      expect(await of('fr')).toEqual({ 'shop.greeting': 'Bienvenue' });
    } finally {
      await database.drop();
    }
  });
});
