import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuthModule } from '../../src/auth.module.js';
import { Clock } from '../../src/kernel/clock.js';
import { AuthTestApp, FakeClock, testOptions } from '../../src/testing/index.js';
import { codeBlocksOf, pagesUnder, ROOT } from './markdown.js';

const PAGES = ['README.md', ...pagesUnder('docs/guides')];

/** A host's own settings; what it imports from `coatcheck` are the published types in `dist`. */
const HOST = {
  module: 'nodenext',
  target: 'es2023',
  lib: ['es2023'],
  jsx: 'react-jsx',
  types: ['node', 'jest'],
  strict: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
  noEmit: true,
};

/**
 * The TypeScript of a page as files of one folder: a block that begins with the comment `// <name>.ts` is that file, and others of the page
 * may import it.
 */
function filesOf(page: string): [path: string, code: string][] {
  const folder = page.replaceAll('/', '-');
  return codeBlocksOf(page)
    .filter(({ language }) => /^tsx?$/.test(language))
    .map(({ language, code }, index) => {
      const named = /^\/\/ ([\w./-]+\.tsx?)$/m.exec(code)?.[1];
      // Next resolves no `.js` to a file of TypeScript.
      const isOfNext = named !== undefined && /^app\/|^route\.ts$/.test(named);
      const text = isOfNext ? code.replace(/ from '(\.[^']*)'/g, " from '$1.js'") : code;
      return [join(folder, named ?? `block-${index + 1}.${language}`), text];
    });
}

/** What the compiler says of these files, in a folder that has the package's name, its types and its packages. */
async function problemsOf(files: ReadonlyMap<string, string>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'coatcheck-guides-'));
  try {
    writeFileSync(join(folder, 'package.json'), readFileSync(join(ROOT, 'package.json')));
    for (const name of ['dist', 'node_modules']) symlinkSync(join(ROOT, name), join(folder, name));
    for (const [path, text] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: HOST, files: [...files.keys()] }));
    return (await compile(folder)).trim().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @returns what it prints */
function compile(folder: string): Promise<string> {
  const tsc = join(ROOT, 'node_modules/@typescript/native/bin/tsc');
  return new Promise((resolve) => {
    execFile(process.execPath, [tsc, '-p', folder, '--pretty', 'false'], { cwd: folder }, (_, stdout) =>
      resolve(stdout),
    );
  });
}

it('the TypeScript of the README and of the guides compiles against the published types', async () => {
  const files = new Map(PAGES.flatMap(filesOf));
  expect(files.size).toBeGreaterThan(10);
  expect(PAGES.flatMap(codeBlocksOf).filter(({ language }) => language === 'typescript')).toEqual([]);
  // Next is no dependency of ours.
  files.set('next.d.ts', "declare module 'next/headers' { export function headers(): Promise<Headers>; }");
  // And what does not is found.
  files.set('wrong.ts', "import { AuthModule } from 'coatcheck';\nAuthModule.forRoot({ publicUrls: 'x' });\n");
  expect(await problemsOf(files)).toEqual([expect.stringMatching(/^wrong\.ts\(2,.*'publicUrls' does not exist/)]);
});

it('an application that imports AuthModule itself is wrapped for its tests as the guide shows', async () => {
  @Module({ imports: [AuthModule.forRoot(testOptions)] })
  class ShopModule {}
  const clock = new FakeClock();
  const testing = Test.createTestingModule({ imports: [ShopModule] })
    .overrideProvider(Clock)
    .useValue(clock);
  const host = (await testing.compile()).createNestApplication();
  await host.listen(0, '127.0.0.1');
  const app = new AuthTestApp(host, await host.getUrl(), clock);
  try {
    const ada = await app.logIn({ strategy: 'jwt' });
    expect((await ada.get('/auth/me')).status).toBe(200);
    app.clock.advance(16 * 60);
    expect((await ada.get('/auth/me')).body.code).toBe('token_expired');
  } finally {
    await app.close();
  }
});
