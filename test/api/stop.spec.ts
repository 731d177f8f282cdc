import { type ChildProcess, spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { freshDatabase, type TestDatabase } from '../real-postgres.js';

const MAIN = resolve(__dirname, '../../dist/src/main.js');

/** The built service as a process of its own. */
interface Running {
  readonly child: ChildProcess;
  readonly url: string;
  /** Its exit code, and all that it printed. */
  readonly ended: Promise<{ code: number | null; output: string }>;
}

/** It says so when a stop took so long that it was cut off. */
const CUT_OFF = 'was aborted';

async function start(databaseUrl: string): Promise<Running> {
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    PORT: '0',
    PUBLIC_URL: 'http://localhost:3000',
    LOGIN_ATTEMPTS: '1000',
    MANAGEMENT_PORT: '0',
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const ended = new Promise<{ code: number | null; output: string }>((done) => {
    child.once('close', (code) => done({ code, output }));
  });
  const url = await new Promise<string>((found, fail) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const match = /listens on (http:\/\/[^\s,]+)/.exec(output);
      if (match) found(match[1]!);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('close', () => fail(new Error(output)));
  });
  return { child, url, ended };
}

function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((done, fail) => {
    const socket = connect(Number(port), hostname.replace(/[[\]]/g, ''), () => done(socket));
    socket.once('error', fail);
  });
}

describe('stopping the service', () => {
  let database: TestDatabase;
  const children: ChildProcess[] = [];
  const startOne = async () => {
    const running = await start(database.url);
    children.push(running.child);
    return running;
  };
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await database.drop();
  });

  it('exits 0 when nothing is under way, however often it is told', async () => {
    const { child, url, ended } = await startOne();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    child.kill('SIGTERM');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect([code, output.includes(CUT_OFF)]).toEqual([0, false]);
  });

  it('answers what is under way, and exits 0 although a client holds a silent connection', async () => {
    const { child, url, ended } = await startOne();
    const silent = await open(url);
    silent.on('error', () => {});
    const logins = Array.from({ length: 8 }, (_, at) =>
      fetch(`${url}/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: `user${at}@example.com`, password: 'no such password' }),
      }),
    );
    // The first answer shows that all of them have arrived: the connections were opened in order.
    await Promise.race(logins);
    child.kill('SIGTERM');
    const statuses = (await Promise.all(logins)).map(({ status }) => status);
    expect(statuses).toEqual(Array(8).fill(401));
    const { code, output } = await ended;
    expect([code, output.includes(CUT_OFF)]).toEqual([0, false]);
    silent.destroy();
  });
});
