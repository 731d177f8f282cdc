import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(__filename);
const PATIENT = 120;
/** Blocks the thread, and leaves the cores to others. */
const NEVER_YIELDS = `function neverYields() {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  for (;;) Atomics.wait(cell, 0, 0, 20);
}`;
const passes = `it('passes', () => undefined);`;

/** A project of its own: files of these names and contents, run by our runner. */
class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'coatcheck-test-runner-'));

  constructor(files: Record<string, string>, settings: object = {}) {
    const config = {
      rootDir: this.folder,
      runner: join(__dirname, '../../jest/runner.mjs'),
      testEnvironment: require.resolve('jest-environment-node'),
      transform: {},
      testMatch: ['**/*.spec.js'],
      ...settings,
    };
    for (const [name, content] of Object.entries({ ...files, 'jest.config.json': JSON.stringify(config) }))
      writeFileSync(join(this.folder, name), content);
  }

  /** What it says, and how it ends. */
  async run(seconds: number, ...args: string[]) {
    const env = { ...process.env, TEST_FILE_SECONDS: String(seconds), TEST_END_SECONDS: '2', FORCE_COLOR: '0' };
    const command = [
      join(require.resolve('jest/package.json'), '../bin/jest.js'),
      '-c',
      join(this.folder, 'jest.config.json'),
      ...args,
    ];
    const jest = spawn(process.execPath, command, { env, cwd: this.folder });
    let said = '';
    for (const stream of [jest.stdout, jest.stderr]) stream.on('data', (chunk) => (said += chunk));
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
      jest.once('close', (...end) => resolve(end)),
    );
    rmSync(this.folder, { recursive: true, force: true });
    return { said, code, signal };
  }
}

describe('a run of the tests', () => {
  it('ends and fails, naming files and tests that never end, and runs the files after them', async () => {
    const hook = `it('is done', () => undefined); afterAll(() => new Promise(() => setInterval(() => undefined, 60_000)), 1e9);`;
    const files = {
      'a.spec.js': `it('waits', ${NEVER_YIELDS});`,
      'b.spec.js': `(${NEVER_YIELDS})();`,
      'c.spec.js': hook,
    };
    const project = new Project({ ...files, 'd.spec.js': passes });
    const { said, code } = await project.run(10, '-w', '3');

    expect(said).toMatch(/a\.spec\.js had not ended after 10 s in the test "waits"; its worker was killed/);
    expect(said).toMatch(/b\.spec\.js had not ended after 10 s before its first test/);
    expect(said).toMatch(/c\.spec\.js had not ended after 10 s after the test "is done"/);
    expect(said.match(/at neverYields/g)).toHaveLength(2);
    expect(said).toMatch(/waits for a timer/);
    expect(said.match(/^FAIL \S*[abc]\.spec\.js/gm)).toHaveLength(3);
    expect(said).toMatch(/^Test Suites: 3 failed, 1 passed, 4 total/m);
    expect(code).toBe(1);
  });

  it('fails a file whose worker ends, and begins it no second time', async () => {
    const ends = `process.stderr.write("  begun\\n"); it("ends it", () => process.kill(process.pid, "SIGKILL"));`;
    const project = new Project({ 'a.spec.js': ends, 'b.spec.js': passes });
    const { said, code } = await project.run(PATIENT, '-w', '2');

    expect(said).toMatch(/FAIL \S*a\.spec\.js/);
    expect(said).toMatch(/The test worker ended \(SIGKILL\) in the test "ends it"/);
    expect(said.match(/^ +begun$/gm)).toHaveLength(1);
    expect(said).toMatch(/^Tests: +1 passed, 1 total/m);
    expect(code).toBe(1);
  });

  it('goes on in another worker, and says so, when one ends between two files', async () => {
    const ends = `it('ends later', () => void setTimeout(() => process.kill(process.pid, 'SIGKILL')));`;
    const slow = `it('takes a while', () => new Promise((resolve) => setTimeout(resolve, 3000)));`;
    const report = `module.exports = class { onTestFileResult() { return new Promise((resolve) => setTimeout(resolve, 1000)); } };`;
    const project = new Project(
      {
        'a.spec.js': `${ends}//${' '.repeat(900)}`,
        'b.spec.js': `${slow}//${' '.repeat(900)}`,
        'c.spec.js': passes,
        'r.js': report,
      },
      { reporters: ['default', '<rootDir>/r.js'] },
    );
    const { said, code } = await project.run(PATIENT, '-w', '2');

    expect(said).toMatch(/A test worker ended \(SIGKILL\) after a\.spec\.js; another goes on/);
    expect(said).toMatch(/^Tests: +3 passed, 3 total/m);
    expect(code).toBe(0);
  });

  it.each([
    ['replaces a worker that has grown beyond its limit, between two files', 1000, 3],
    ['keeps a worker that has not', 1e12, 2],
  ])('%s', async (_, workerIdleMemoryLimit, workers) => {
    const says = `it('says who runs it', () => void process.stderr.write('run by ' + process.pid + '\\n'));`;
    const files = { 'a.spec.js': says, 'b.spec.js': says, 'c.spec.js': says };
    const { said, code } = await new Project(files, { workerIdleMemoryLimit }).run(PATIENT, '-w', '2');

    expect(new Set(said.match(/run by \d+/g)).size).toBe(workers);
    expect(code).toBe(0);
  });

  it('leaves nothing to the promises of the next file, which Node would look at with each of them', async () => {
    const count = `Object.getOwnPropertySymbols(require('node:async_hooks').executionAsyncResource()).length`;
    const says = `const say = (done) => { process.stderr.write('it keeps ' + ${count} + '\\n'); done(); };
      it('says what a timer keeps', () => new Promise((resolve) => setTimeout(say, 1, resolve)));`;
    const files = { 'a.spec.js': says, 'b.spec.js': says, 'c.spec.js': says };
    const testEnvironment = join(__dirname, '../../jest/environment.mjs');
    const { said, code } = await new Project(files, { testEnvironment }).run(PATIENT, '--runInBand');

    const kept = said.match(/it keeps \d+/g);
    expect(kept).toHaveLength(3);
    expect(new Set(kept).size).toBe(1);
    expect(code).toBe(0);
  });

  it('ends and fails in one process, too', async () => {
    const { said, signal } = await new Project({ 'a.spec.js': `(${NEVER_YIELDS})();` }).run(5, '--runInBand');

    expect(said).toMatch(/a\.spec\.js had not ended after 5 s; the run was killed/);
    expect(signal).toBe('SIGKILL');
  });

  it('ends and fails when all files have run and something keeps the process', async () => {
    const reporter = `module.exports = class { onRunComplete() { setInterval(() => undefined, 1000); } };`;
    const project = new Project(
      { 'a.spec.js': passes, 'b.spec.js': passes, 'r.js': reporter },
      { reporters: ['default', '<rootDir>/r.js'] },
    );
    const { said, code } = await project.run(PATIENT, '-w', '2');

    expect(said).toMatch(/^Tests: +2 passed, 2 total/m);
    expect(said).toMatch(/All files have run, but the run does not end. It is left with: .*Timeout/);
    expect(code).toBe(1);
  });
});
