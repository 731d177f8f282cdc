import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
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
    AUTH_STRATEGIES: 'session,jwt',
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
      const match = /listens on (http:\/\/[^\s,"]+)/.exec(output);
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

/** A request that the service has begun to read, as its `100 Continue` shows, and whose body it waits for. */
function beginRefresh(url: string): Promise<ClientRequest> {
  const headers = { 'content-type': 'application/json', expect: '100-continue' };
  const sent = request(`${url}/auth/refresh`, { method: 'POST', headers, agent: false });
  sent.flushHeaders();
  return new Promise((done, fail) => {
    sent.once('continue', () => done(sent));
    sent.once('error', fail);
  });
}

async function finish(sent: ClientRequest, body: object): Promise<number | undefined> {
  const answered = once(sent, 'response');
  sent.end(JSON.stringify(body));
  const [reply] = (await answered) as [IncomingMessage];
  reply.resume();
  return reply.statusCode;
}

/** Resolves as soon as it does. */
async function refusesConnections(url: string): Promise<void> {
  for (;;) {
    try {
      (await open(url)).destroy();
    } catch (error) {
      // Reset where it came just before the socket was closed, and was never accepted.
      expect(['ECONNREFUSED', 'ECONNRESET']).toContain((error as NodeJS.ErrnoException).code);
      return;
    }
  }
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

  it('says once what stops it, and exits 0 when nothing is under way, however often it is told', async () => {
    const { child, url, ended } = await startOne();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    child.kill('SIGTERM');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const { code, output } = await ended;
    expect([code, output.includes(CUT_OFF)]).toEqual([0, false]);
    expect(output.match(/Coatcheck stops \(SIG(TERM|INT)\)/g)).toHaveLength(1);
  });

  it('answers what is under way, and exits 0 although a client holds a silent connection', async () => {
    const { child, url, ended } = await startOne();
    const silent = await open(url);
    silent.on('error', () => {});
    const requests = await Promise.all(Array.from({ length: 8 }, () => beginRefresh(url)));
    child.kill('SIGTERM');
    await refusesConnections(url);
    const statuses = await Promise.all(requests.map((request) => finish(request, { refreshToken: 'unknown' })));
    expect(statuses).toEqual(Array(8).fill(401));
    const { code, output } = await ended;
    expect([code, output.includes(CUT_OFF)]).toEqual([0, false]);
    silent.destroy();
  });
});
