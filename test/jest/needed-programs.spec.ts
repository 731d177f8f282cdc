import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { filesLeftOut, NEEDED_PROGRAMS } from './needed-programs.mjs';

const root = resolve(__dirname, '../..');
const specs = ['src', 'test']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  .filter((file) => file.endsWith('.spec.ts') && !file.startsWith(join('test', 'lab')));
const containing = (sign: RegExp) =>
  specs
    .filter((file) => file !== relative(root, __filename) && sign.test(readFileSync(join(root, file), 'utf8')))
    .sort();

describe('a spec file that a machine cannot run', () => {
  const { CI } = process.env;
  beforeEach(() => {
    delete process.env.CI;
  });
  afterAll(() => {
    if (CI !== undefined) process.env.CI = CI;
  });

  it.each([
    ['openssl', /mtls\/authority\.js'|'\.\/authority\.js'|\/tls-app\.js'/],
    ['python3', /'python3'/],
  ] as const)('is known by what it uses of %s', (program, sign) => {
    expect(NEEDED_PROGRAMS[program]).toEqual(containing(sign));
  });

  it('is left out, and named with the package to install', () => {
    const said: string[] = [];
    const files = filesLeftOut(
      (program) => program !== 'python3',
      (line) => said.push(line),
    );
    expect(files).toEqual(NEEDED_PROGRAMS.python3);
    expect(said).toEqual([
      expect.stringMatching(
        /^\n!! python3 is not installed: 2 files are LEFT OUT, test\S+, test\S+\. Install the package python3\.\n\n$/,
      ),
    ]);
  });

  it('is left out nowhere in continuous integration, and nowhere where everything is there', () => {
    const refuse = (line: string) => expect(line).toBe('never said');
    expect(filesLeftOut(() => true, refuse)).toEqual([]);
    process.env.CI = 'true';
    expect(filesLeftOut(() => false, refuse)).toEqual([]);
  });
});
