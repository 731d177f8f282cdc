import { type ChildProcess, spawn } from 'node:child_process';
import { AuthError } from '../../kernel/auth-error.js';
import type { Argon2Package, Argon2Parameters } from './argon2-package.js';
import { HASH_PROCESS_SOURCE } from './hash-process-source.js';

/** Far beyond any hash somebody would wait for: the process hangs. */
const HUNG_AFTER_MS = 30_000;

interface Job {
  settle(answer: Answer): void;
  readonly process: ChildProcess;
  readonly alarm: NodeJS.Timeout;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: string;
}

/**
 * An argon2 package in a process of its own, at low priority: hashes then delay neither requests nor what else uses this
 * process's thread pool (files, DNS), and a crash in native code takes only them along. Begins with the first hash; when it
 * ends, the hashes under way are answered `unavailable` and the next one starts another.
 */
export class HashProcess implements Argon2Package {
  private current: ChildProcess | null = null;
  private readonly jobs = new Map<number, Job>();
  private lastId = 0;

  /**
   * @param packagePath absolute: the process starts where the host stands, which need not see the package
   * @param threads how many hashes may run at once
   */
  constructor(
    private readonly packagePath: string,
    private readonly threads: number,
  ) {}

  /** Of the process; undefined before the first hash and after it ended. */
  get pid(): number | undefined {
    return this.current?.pid;
  }

  /** @throws AuthError `unavailable` */
  hash(password: string, { salt, ...parameters }: Argon2Parameters): Promise<string> {
    return this.run({ password, parameters, salt: salt && Buffer.from(salt).toString('base64') });
  }

  /** @throws AuthError `unavailable` */
  verify(hash: string, password: string): Promise<boolean> {
    return this.run({ password, hash });
  }

  /** Ends it. Hashes under way are lost. */
  end(): void {
    this.current?.kill('SIGKILL');
  }

  private run<T>(order: { password: string; hash?: string; parameters?: Argon2Parameters; salt?: string }): Promise<T> {
    this.current ??= this.start();
    const process = this.current;
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const alarm = setTimeout(() => process.kill('SIGKILL'), HUNG_AFTER_MS);
      const settle = ({ result, failure }: Answer) => {
        clearTimeout(alarm);
        this.jobs.delete(id);
        if (failure === undefined) resolve(result as T);
        else reject(new AuthError('unavailable', { reason: 'hashing_failed', cause: new Error(failure) }));
      };
      this.jobs.set(id, { settle, process, alarm });
      process.send({ id, ...order }, (error) => error && this.lose(process, error.message));
    });
  }

  private start(): ChildProcess {
    const started = spawn(process.execPath, ['--input-type=commonjs', '-e', HASH_PROCESS_SOURCE, this.packagePath], {
      // Nothing else of the environment: the secrets in it are none of its business.
      env: { UV_THREADPOOL_SIZE: String(this.threads) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      windowsHide: true,
    });
    started.on('message', (answer: Answer) => this.jobs.get(answer.id)?.settle(answer));
    started.on('error', (error) => this.lose(started, error.message));
    started.on('exit', (code, signal) => this.lose(started, `the hash process ended with ${signal ?? code}`));
    // An idle one keeps nobody alive; while a hash is under way its alarm does.
    started.unref();
    started.channel?.unref();
    return started;
  }

  private lose(process: ChildProcess, failure: string): void {
    if (this.current === process) this.current = null;
    process.kill('SIGKILL');
    for (const [id, job] of this.jobs) if (job.process === process) job.settle({ id, failure });
  }
}
