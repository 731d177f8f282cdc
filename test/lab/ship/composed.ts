import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reservePort } from '../../ports.mjs';
import { emptyDatabase, type TestDatabase } from '../../real-postgres.js';
import { pairsOf, stagesOf } from '../../ship/dockerfile.js';
import { composeFile, interpolated, ROOT, textOf } from '../../ship/files.js';
import { Mailbox } from '../harness/mailbox.js';
import { ServiceProcess } from './service-process.js';

const ADDRESS = '127.0.0.1';
/** Of what it starts, the second. */
const PROXY = 1;
const REDIS_PASSWORD = randomBytes(12).toString('hex');

/**
 * What compose.yaml describes, without an engine: its commands and environments as they stand there, with the configuration of its proxy. Only
 * addresses and ports are others, as all of it is on one machine.
 */
export class Composed {
  private readonly folder = mkdtempSync(join(tmpdir(), 'coatcheck-compose-'));
  private readonly services = composeFile().services;
  private readonly running: ChildProcess[] = [];
  private redisPort = 0;
  private mailbox!: Mailbox;
  database!: TestDatabase;
  readonly nodes: ServiceProcess[] = [];
  /** Of the proxy: https, http, and where it says that it is well. */
  ports = { https: 0, http: 0, health: 0 };

  static async up(): Promise<Composed> {
    const composed = new Composed();
    try {
      await composed.startStores();
      await composed.migrate();
      for (const name of ['node-1', 'node-2']) composed.nodes.push(await composed.startNode(name));
      await composed.startProxy();
      return composed;
    } catch (error) {
      await composed.down();
      throw error;
    }
  }

  /** Runs the service `migrate`. */
  migrate(): Promise<void> {
    const [program] = this.services.migrate!.command!;
    return ServiceProcess.finish(ROOT, program!, this.environmentOf('migrate'));
  }

  /** Another process in the place of one that has ended: at its port, for the proxy knows no other. */
  async restart(index: number): Promise<void> {
    this.nodes[index] = await this.startNode(`node-${index + 1}`, this.nodes[index]!.port);
  }

  /** How many requests the proxy has handed to this node, and got an answer to. */
  handedTo(index: number): number {
    const port = this.nodes[index]!.port;
    const lines = readFileSync(join(this.folder, `${PROXY}.log`), 'utf8').split('\n');
    return lines.filter((line) => line.endsWith(` ${ADDRESS}:${port}`)).length;
  }

  async down(): Promise<void> {
    for (const node of this.nodes) await node.close();
    for (const child of this.running.reverse()) await ended(child);
    await this.mailbox?.close();
    await this.database?.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async startStores(): Promise<void> {
    this.mailbox = await Mailbox.open();
    this.database = await emptyDatabase();
    this.redisPort = await reservePort();
    const [shell, option, line] = this.services.redis!.command!;
    const here = `--port ${this.redisPort} --bind ${ADDRESS} --dir ${this.folder}`;
    // Compose writes $$ for the shell's $.
    const command = `${line!.replaceAll('$$', '$')} ${here}`;
    await untilListening(this.spawn(shell!, [option!, command], this.values('redis')), this.redisPort);
  }

  private startNode(name: string, port?: number): Promise<ServiceProcess> {
    return ServiceProcess.start(ROOT, this.environmentOf(name), port);
  }

  private async startProxy(): Promise<void> {
    this.ports = { https: await reservePort(), http: await reservePort(), health: await reservePort() };
    const tls = join(this.folder, 'tls');
    mkdirSync(tls);
    const subject = ['-subj', '/CN=auth.example.com', '-days', '1'];
    const files = ['-keyout', join(tls, 'tls.key'), '-out', join(tls, 'tls.crt')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], { stdio: 'pipe' });
    const replaced: [string, string][] = [
      ['/etc/nginx/tls', tls],
      ['/run/nginx.pid', join(this.folder, 'nginx.pid')],
      ['listen 443 ', `listen ${ADDRESS}:${this.ports.https} `],
      ['listen 80;', `listen ${ADDRESS}:${this.ports.http};`],
      ['127.0.0.1:8081', `${ADDRESS}:${this.ports.health}`],
      ...this.nodes.map(({ port }, i): [string, string] => [`node-${i + 1}:3000`, `${ADDRESS}:${port}`]),
    ];
    const file = join(this.folder, 'nginx.conf');
    writeFileSync(file, replaced.reduce(withOther, textOf('service/proxy/nginx.conf')));
    await untilListening(this.spawn('/usr/sbin/nginx', ['-c', file, '-g', 'daemon off;'], {}), this.ports.https);
  }

  /** What the image sets, and over it what the service does. */
  private environmentOf(name: string): NodeJS.ProcessEnv {
    const [last] = stagesOf(textOf('Dockerfile')).slice(-1);
    const ofImage = Object.assign(
      {},
      ...last!.steps.filter(({ keyword }) => keyword === 'ENV').map(({ text }) => pairsOf(text)),
    );
    const own = this.values(name);
    return {
      ...ofImage,
      ...own,
      DATABASE_URL: this.database.url,
      ...(own.REDIS_URL && { REDIS_URL: own.REDIS_URL.replace('redis:6379', `${ADDRESS}:${this.redisPort}`) }),
      ...(own.TRUSTED_PROXIES && { TRUSTED_PROXIES: ADDRESS }),
      // A starved machine is not what this is about.
      PASSWORD_HASH_WAIT_SECONDS: '60',
      REQUEST_DEADLINE_SECONDS: '120',
    };
  }

  private values(name: string): Record<string, string> {
    const given = {
      PUBLIC_URL: 'https://auth.example.com',
      SECRET_KEY: this.secretKey,
      POSTGRES_PASSWORD: 'elsewhere',
      REDIS_PASSWORD,
      MAIL_URL: this.mailbox.url,
    };
    const entries = Object.entries(this.services[name]!.environment!);
    return Object.fromEntries(entries.map(([key, value]) => [key, interpolated(value, given)]));
  }

  private readonly secretKey = randomBytes(32).toString('base64url');

  private spawn(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
    // A file: a program that opens /dev/stderr by its name could not open a pipe of Jest's.
    const log = openSync(join(this.folder, `${this.running.length}.log`), 'a');
    const child = spawn(command, args, {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.running.push(child);
    return child;
  }
}

/** @throws when it is not there: then the test would run something else than the file says */
function withOther(text: string, [from, to]: [string, string]): string {
  if (!text.includes(from)) throw new Error(`nginx.conf has no ${from}`);
  return text.replaceAll(from, to);
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

async function untilListening(child: ChildProcess, port: number): Promise<void> {
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, ADDRESS, () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  while (!(await answers())) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended as it started (${child.exitCode})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
