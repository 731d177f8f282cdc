import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { ConfigurationError } from '../../src/config/configuration-error.js';
import { Options } from '../../src/config/options.js';
import { createService } from '../../src/service/create-service.js';
import { serviceSections } from '../../src/service/service-sections.js';
import { type AuthTestApp, testOptions } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';
import { freshDatabase } from '../real-postgres.js';

const MAIN = resolve(__dirname, '../../dist/src/main.js');

/** What is wrong with this environment, by the names of its variables. */
function refused(environment: Record<string, string>): string[] {
  try {
    Options.resolve(serviceSections, Options.readEnvironment(serviceSections, environment));
    return [];
  } catch (error) {
    return [...(error as ConfigurationError).message.matchAll(/^ {2}([A-Z_]+) /gm)].map((match) => match[1]!);
  }
}

describe('NODE_ENV', () => {
  const PUBLIC = { PUBLIC_URL: 'https://auth.example.com' };
  const MAIL = { MAIL_URL: 'smtp://localhost:25' };
  const OPEN = { HOST: '0.0.0.0' };

  it('unset is development, on this machine and without a mail server only', () => {
    expect(refused({})).toEqual([]);
    expect(refused({ PUBLIC_URL: 'http://127.0.0.1:3000', HOST: '127.0.0.1' })).toEqual([]);
    expect(refused({ PUBLIC_URL: 'http://[::1]:3000', HOST: '::1' })).toEqual([]);
    expect(refused(PUBLIC)).toEqual(['PUBLIC_URL']);
    expect(refused({ PUBLIC_URL: 'http://10.0.0.1:3000' })).toEqual(['PUBLIC_URL']);
    expect(refused(OPEN)).toEqual(['HOST']);
    expect(refused({ HOST: '::' })).toEqual(['HOST']);
    expect(refused({ HOST: '192.168.1.2' })).toEqual(['HOST']);
    expect(refused(MAIL)).toEqual(['MAIL_URL']);
    expect(refused({ ...PUBLIC, ...OPEN, ...MAIL }).sort()).toEqual(['HOST', 'MAIL_URL', 'PUBLIC_URL']);
  });

  it('empty is unset', () => {
    expect(refused({ NODE_ENV: '', ...MAIL })).toEqual(['MAIL_URL']);
  });

  it('development, said aloud, may listen elsewhere and send mails, but PUBLIC_URL stays on this machine', () => {
    const said = { NODE_ENV: 'development' };
    expect(refused({ ...said, ...OPEN, ...MAIL })).toEqual([]);
    expect(refused({ ...said, ...PUBLIC })).toEqual(['PUBLIC_URL']);
  });

  it('test listens on this machine only', () => {
    expect(refused({ NODE_ENV: 'test', ...PUBLIC, ...MAIL })).toEqual([]);
    expect(refused({ NODE_ENV: 'test', ...OPEN })).toEqual(['HOST']);
  });

  it.each(['prod', 'Production', 'staging'])('%p is no value, and stops the start', async (value) => {
    expect(refused({ NODE_ENV: value })).toEqual(['NODE_ENV']);
    await expect(createService({ ...testOptions, nodeEnv: value as 'test' })).rejects.toThrow(ConfigurationError);
  });
});

describe('a URL that cannot be read', () => {
  const SECRET = 'hunter2';
  it.each([
    ['MAIL_URL', `smtp://user:${SECRET}/x@mail.example.com:587`],
    ['MAIL_URL', `smtp://user:${SECRET}#x@mail.example.com:587`],
    ['MAIL_URL', `smtp://user:${SECRET}?x@mail.example.com:587`],
    ['MAIL_URL', `smtp://user:${SECRET}%@mail.example.com:587`],
    ['MAIL_URL', 'smtp://user:25/hunter2@mail.example.com:587'],
    ['MAIL_URL', `smtp://user:${SECRET}[@mail.example.com:notaport`],
    ['DATABASE_URL', `postgres://user:${SECRET}/x@db.example.com/name`],
    ['DATABASE_URL', `postgres://user:${SECRET}#x@db.example.com/name`],
    ['DATABASE_URL', `postgres://user:${SECRET}?x@db.example.com/name`],
    ['DATABASE_URL', `postgres://user:${SECRET}%@db.example.com/name`],
    ['DATABASE_URL', `postgres://user:${SECRET}@db.example.com:notaport/name`],
  ])('%s=%s stops the start with a remedy, and shows no secret', (variable, url) => {
    const resolving = () =>
      Options.resolve(
        serviceSections,
        Options.readEnvironment(serviceSections, { NODE_ENV: 'development', [variable]: url }),
      );
    expect(resolving).toThrow(ConfigurationError);
    expect(resolving).toThrow(new RegExp(`^ {2}${variable} .*\\n +-> percent-encode`, 'm'));
    expect(resolving).not.toThrow(/hunter2/);
  });

  it.each([
    'postgres://user:p%40ss%3A%2F%3F%23w%2520rd@db.example.com:5432/name?sslmode=require',
    'postgresql://user@/name?host=/var/run/postgresql',
    'postgres://user:p@ss@db.example.com/name',
    'postgres:///name',
  ])('%s is none', (url) => {
    expect(refused({ DATABASE_URL: url })).toEqual([]);
  });

  it.each([
    'smtp://user:a%2Fb%23@mail.example.com:587',
    'smtps://a%40b:c@mail.example.com/?pool=true',
    'smtp://localhost',
  ])('%s is none', (url) => {
    expect(refused({ NODE_ENV: 'development', MAIL_URL: url })).toEqual([]);
  });

  it('ends the process with one list and without its secret', async () => {
    const { output, code } = await start({
      NODE_ENV: 'development',
      MAIL_URL: `smtp://user:${SECRET}/S#x@mail.example.com`,
    });
    expect(code).toBe(1);
    expect(output).toMatch(/^Coatcheck cannot start: 1 configuration problem\(s\)\.\n {2}MAIL_URL .*\n {4}-> .*\n$/);
  });
});

describe('a development start', () => {
  it('says that it is one, and why', async () => {
    const database = await freshDatabase();
    const { output } = await start({ DATABASE_URL: database.url, PORT: '0', MANAGEMENT_PORT: '0' }, /listens on/);
    await database.drop();
    expect(output).toMatch(/WARN.*development mode, because NODE_ENV is not set\. .* e-mails at \/dev\/outbox/);
  });
});

describe('the routes for trying out', () => {
  const ROUTES = ['/dev/outbox', '/example/public'];
  const own = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
  let app: AuthTestApp;
  let port: number;

  beforeAll(async () => {
    app = await bootService({ nodeEnv: 'development', passwordHashMemoryKib: 19_456, host: '0.0.0.0' } as object);
    await app.app.getHttpServer().close();
    await once(app.app.getHttpServer().listen(0, '0.0.0.0'), 'listening');
    port = app.app.getHttpServer().address().port;
  });
  afterAll(() => app.close());

  const ask = async (path: string, headers: Record<string, string>, host = '127.0.0.1') => {
    const asking = httpRequest({ host, port, path, headers });
    asking.end();
    const [reply] = await once(asking, 'response');
    reply.resume();
    return reply.statusCode as number;
  };

  it.each(ROUTES)('answer this machine under its own names: %s', async (path) => {
    for (const host of ['localhost', `localhost:${port}`, '127.0.0.1', '[::1]:3000', 'LOCALHOST', 'auth.localhost'])
      expect([host, await ask(path, { host })]).toEqual([host, 200]);
  });

  it.each(ROUTES)('answer no other name, as a page after DNS rebinding sends it: %s', async (path) => {
    for (const host of [
      'evil.example',
      'evil.example:3000',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      '10.0.0.1',
      'localhost@evil.example',
    ])
      expect([host, (await ask(path, { host })) === 200]).toEqual([host, false]);
  });

  const reachable = own ? it.each(ROUTES) : it.skip.each(ROUTES);
  if (!own) console.warn('SKIPPED: this machine has no address but loopback to ask from.');
  reachable('answer no other machine, whatever it calls us: %s', async (path) => {
    expect(await ask(path, { host: 'localhost' }, own)).toBe(404);
    expect(await ask('/health/live', { host: 'localhost' }, own)).toBe(200);
  });

  it.each(['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])(
    'show no mail behind a proxy that sends %s',
    async (name) => {
      expect(await ask('/dev/outbox', { host: 'localhost', [name]: '127.0.0.1' })).toBe(404);
    },
  );
});

/** Runs the built service until it says `until`, or ends. */
async function start(environment: Record<string, string>, until?: RegExp) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN], { env: { PATH, NO_COLOR: '1', ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk);
      if (until?.test(output)) child.kill();
    });
  const [code] = await once(child, 'close');
  return { output, code };
}
