import { dirname, join } from 'node:path';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import ts from 'typescript';
import { AuthModule } from '../../src/auth.module.js';
import { Clock } from '../../src/kernel/clock.js';
import { AuthTestApp, FakeClock, testOptions } from '../../src/testing/index.js';
import { codeBlocksOf, pagesUnder, ROOT } from './markdown.js';

const FOLDER = join(ROOT, 'test/docs/of-the-guides');
const PAGES = ['README.md', ...pagesUnder('docs/guides')];

/** A host's own settings; what it imports from `coatcheck` are the published types in `dist`. */
const HOST: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  jsx: ts.JsxEmit.ReactJSX,
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
  const folder = join(FOLDER, page.replaceAll('/', '-'));
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

/** What the compiler says of these files, which are nowhere on the disk. */
function problemsOf(files: ReadonlyMap<string, string>): string[] {
  const host = ts.createCompilerHost(HOST);
  const { fileExists, readFile, getSourceFile, directoryExists } = host;
  const folders = new Set([...files.keys()].map((path) => dirname(path)));
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.directoryExists = (path) => folders.has(path) || directoryExists!(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram([...files.keys()], HOST, host);
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? `:${file.getLineAndCharacterOfPosition(start).line + 1}` : '';
    return `${file?.fileName.replace(ROOT, '') ?? ''}${line} ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  });
}

it('the TypeScript of the README and of the guides compiles against the published types', () => {
  const files = new Map(PAGES.flatMap(filesOf));
  expect(files.size).toBeGreaterThan(10);
  expect(PAGES.flatMap(codeBlocksOf).filter(({ language }) => language === 'typescript')).toEqual([]);
  // Next is no dependency of ours.
  files.set(
    join(FOLDER, 'next.d.ts'),
    "declare module 'next/headers' { export function headers(): Promise<Headers>; }",
  );
  // And what does not is found.
  files.set(
    join(FOLDER, 'wrong.ts'),
    "import { AuthModule } from 'coatcheck';\nAuthModule.forRoot({ publicUrls: 'x' });\n",
  );
  expect(problemsOf(files)).toEqual([expect.stringMatching(/wrong\.ts:2 .*'publicUrls' does not exist/)]);
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
