import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** A helper process that answers orders, and ends with this one. */
export class Child {
  private child!: ChildProcess;
  private readonly waiting = new Map<number, (answer: Omit<Answer, 'id'>) => void>();
  private count = 0;

  private constructor(private readonly script: string) {}

  /** Resolves when it has said its first word. @throws what that says of a failure */
  static async start(script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Child> {
    const helper = new Child(script);
    helper.child = fork(join(__dirname, script), args, {
      execArgv: [],
      // A process group of its own: Ctrl-C must reach it by the driver's end only, and in order.
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await helper.attend();
    return helper;
  }

  /** @throws when it failed, or the process ends before it is done */
  ask<T>(order: object): Promise<T> {
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, failure }) => {
        this.waiting.delete(id);
        if (failure === undefined) resolve(result as T);
        else reject(new Error(failure));
      });
      if (this.child.connected) this.child.send({ ...order, id });
      else this.waiting.get(id)!({ failure: 'it has ended' });
    });
  }

  end(): Promise<void> {
    return new Promise((resolve) => {
      if (this.child.exitCode !== null || this.child.signalCode !== null) return resolve();
      this.child.once('exit', () => resolve());
      this.child.disconnect();
    });
  }

  private attend(): Promise<void> {
    // A suite that failed before it could end this must not keep the run from ending.
    this.child.unref();
    this.child.channel?.unref();
    return new Promise((resolve, reject) => {
      this.child.once('message', ({ failure }: Answer) => (failure ? reject(new Error(failure)) : resolve()));
      this.child.on('message', (answer: Answer) => this.waiting.get(answer.id)?.(answer));
      this.child.once('exit', () => {
        reject(new Error(`${this.script} did not start`));
        for (const answer of this.waiting.values()) answer({ failure: `${this.script} has ended` });
      });
    });
  }
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: string;
}
