import { type ChildProcess, spawn } from 'node:child_process';
import type { BenchApp, Place } from '../row.js';
import { onEveryCore, onLoadCore, onServerCore } from './machine.js';

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly failure?: string;
  readonly url?: string;
}

const STARTING = { server: onServerCore, load: onLoadCore, all: onEveryCore };

/** A program in a process of its own that says `{ url }` when it listens, and then takes orders as `app/orders.ts` does. */
export class Served implements BenchApp {
  private orders = 0;
  private readonly waiting = new Map<number, (answer: Answer) => void>();

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    child.on('message', (answer: Answer) => {
      this.waiting.get(answer.id!)?.(answer);
      this.waiting.delete(answer.id!);
    });
  }

  static async start(
    script: string,
    environment: Readonly<Record<string, string>>,
    place: Place = 'server',
  ): Promise<Served> {
    const args = ['--expose-gc', '--no-warnings', script];
    const [command, all] = STARTING[place](process.execPath, args);
    const env = { ...process.env, NODE_ENV: 'production', ...environment };
    const child = spawn(command, all, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const { url, failure } = await new Promise<Answer>((resolve) => {
      child.once('message', resolve);
      child.once('exit', (code) => resolve({ failure: `${script} ended with ${code}` }));
    });
    if (!url) throw new Error(failure);
    return new Served(child, url);
  }

  get pid(): number {
    return this.child.pid!;
  }

  async order<T>(order: string, argument?: unknown): Promise<T> {
    const id = ++this.orders;
    const answered = new Promise<Answer>((resolve) => this.waiting.set(id, resolve));
    this.child.send({ id, order, argument });
    const { result, failure } = await answered;
    if (failure) throw new Error(failure);
    return result as T;
  }

  cpuMicros(): Promise<number> {
    return this.order('cpu');
  }

  statements(): Promise<number> {
    return this.order('statements');
  }

  memory(): Promise<{ heapUsed: number; external: number; rss: number }> {
    return this.order('memory');
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    if (this.child.connected) this.child.disconnect();
    await ended;
  }
}
