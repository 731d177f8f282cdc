import { type ChildProcess, spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { resolve } from 'node:path';

const MAIN = resolve(__dirname, '../../dist/src/main.js');

/** The built service as a process of its own, on an embedded database in memory. */
async function start(): Promise<{
  child: ChildProcess;
  url: string;
  ended: Promise<{ code: number | null; exitedAt: number }>;
}> {
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    DATA_DIR: 'memory://',
    PORT: '0',
    PUBLIC_URL: 'http://localhost:3000',
    LOGIN_ATTEMPTS: '1000',
    MANAGEMENT_PORT: '0',
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<{ code: number | null; exitedAt: number }>((done) => {
    child.once('exit', (code) => {
      done({ code, exitedAt: Date.now() });
    });
  });
  let output = '';
  const url = await new Promise<string>((found, fail) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      const match = /listens on (http:\/\/[^\s,]+)/.exec(output);
      if (match) found(match[1]!);
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('exit', () => fail(new Error(output)));
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
  it('exits 0 at once when nothing is under way, however often it is told', async () => {
    const { child, url, ended } = await start();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const told = Date.now();
    child.kill('SIGTERM');
    child.kill('SIGINT');
    child.kill('SIGTERM');
    const { code, exitedAt } = await ended;
    expect(code).toBe(0);
    expect(exitedAt - told).toBeLessThan(4_000);
  });

  it('answers what is under way, and exits 0 within 10 s although a client holds a silent connection', async () => {
    const { child, url, ended } = await start();
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
    const told = Date.now();
    child.kill('SIGTERM');
    const statuses = (await Promise.all(logins)).map(({ status }) => status);
    expect(statuses).toEqual(Array(8).fill(401));
    const { code, exitedAt } = await ended;
    expect(code).toBe(0);
    expect(exitedAt - told).toBeLessThan(10_000);
    silent.destroy();
  });
});
