import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedAtTheEnd } from '../../left-open.js';
import { reservePort, wasTaken } from '../../ports.mjs';
import { HttpClient } from '../harness/http-connection.js';

/** One node of the service, of any build, at a port of its own; ended with the suite at the latest. */
export class ServiceProcess {
  private output = '';
  private readonly ended: Promise<number | null>;
  readonly client: HttpClient;

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    /** The folder whose `dist` it runs. */
    readonly build: string,
    private readonly folder: string,
  ) {
    this.client = new HttpClient(port);
    for (const stream of [child.stdout!, child.stderr!])
      stream.on('data', (chunk) => {
        this.output += chunk;
      });
    this.ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  }

  /**
   * @param build the folder whose `dist` is run
   * @param at its port; by default any
   * @throws what it said when it does not listen
   */
  static async start(build: string, environment: NodeJS.ProcessEnv, at?: number): Promise<ServiceProcess> {
    for (;;) {
      const port = at ?? (await reservePort());
      const settings = { ...environment, PORT: String(port) };
      const node = closedAtTheEnd(ServiceProcess.spawned(build, 'dist/src/main.js', settings, port));
      if (await node.says('listens on')) return node;
      await node.close();
      if (at !== undefined || !wasTaken(node.said)) throw new Error(`a node ended as it started:\n${node.said}`);
    }
  }

  /** Runs a program of a build to its end. @throws what it said when it fails */
  static async finish(build: string, program: string, environment: NodeJS.ProcessEnv): Promise<void> {
    const run = closedAtTheEnd(ServiceProcess.spawned(build, program, environment, 0));
    const code = await run.ended;
    await run.close();
    if (code !== 0) throw new Error(`${program} ended with ${code}:\n${run.said}`);
  }

  get said(): string {
    return this.output;
  }

  /** Its exit code after SIGTERM. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    const code = await this.ended;
    await this.close();
    return code;
  }

  async close(): Promise<void> {
    this.client.close();
    this.child.kill('SIGKILL');
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private static spawned(build: string, program: string, environment: NodeJS.ProcessEnv, port: number): ServiceProcess {
    const folder = mkdtempSync(join(tmpdir(), 'coatcheck-node-'));
    const { PATH, HOME } = process.env;
    const child = spawn(process.execPath, [join(build, program)], {
      cwd: folder,
      // Nothing of the test run's own environment.
      env: { PATH, HOME, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ServiceProcess(child, port, build, folder);
  }

  /** False when it ends before. */
  private async says(text: string): Promise<boolean> {
    const pause = () => new Promise<'waiting'>((resolve) => setTimeout(() => resolve('waiting'), 50));
    while (!this.output.includes(text)) if ((await Promise.race([this.ended, pause()])) !== 'waiting') return false;
    return true;
  }
}
