import { type ChildProcess, spawn } from 'node:child_process';
import { AuthError } from '../../kernel/auth-error.js';
import type { Argon2Package, Argon2Parameters } from './argon2-package.js';
import { HASH_PROCESS_SOURCE } from './hash-process-source.js';

interface HashRequest {
  readonly password: string;
  readonly hash?: string;
  readonly parameters?: Argon2Parameters;
  readonly salt?: string;
}

interface Job {
  settle(answer: Answer): void;
  readonly request: HashRequest;
  readonly process: ChildProcess;
  readonly alarm: NodeJS.Timeout;
  /** Whether it was begun anew already, as another hash was too much for the process it began in. */
  readonly isSecondTry: boolean;
}

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly failure?: string;
  /** Whether it was stopped, as no other was: then it is tried again no sooner than it may last. */
  readonly isTooSlow?: boolean;
}

/**
 * An argon2 package in a process of its own, at low priority: hashes then delay neither requests nor what else uses this
 * process's thread pool (files, DNS), and a crash in native code takes only them along. Begins with the first hash; when it
 * ends, the hashes under way are answered `unavailable` and the next one starts another. A hash that takes too long can be stopped only by
 * ending the process: then it alone is answered so, and the others begin anew.
 */
export class HashProcess implements Argon2Package {
  private current: ChildProcess | null = null;
  private readonly jobs = new Map<number, Job>();
  private lastId = 0;
  /** Whether a hash has ever come of it. */
  private hasWorked = false;

  /**
   * @param packagePath absolute: the process starts where the host stands, which need not see the package
   * @param threads how many hashes may run at once
   * @param longestSeconds how long one may take
   * @param firstSeconds how long each may take until one has come of it; by default as long as all others
   * @param environment what the package's loader is told, and nothing that is a secret
   */
  constructor(
    readonly packagePath: string,
    private readonly threads: number,
    private readonly longestSeconds = 30,
    private readonly firstSeconds = longestSeconds,
    private readonly environment: NodeJS.ProcessEnv = {},
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

  private run<T>(request: HashRequest): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = ({ result, failure, isTooSlow = false }: Answer) => {
        if (failure === undefined) resolve(result as T);
        else reject(this.unavailable(failure, isTooSlow));
      };
      this.begin({ request, settle, isSecondTry: false });
    });
  }

  private begin({ request, settle, isSecondTry }: Omit<Job, 'process' | 'alarm'>): void {
    this.current ??= this.start();
    const process = this.current;
    const id = ++this.lastId;
    const seconds = this.hasWorked ? this.longestSeconds : this.firstSeconds;
    const alarm = setTimeout(() => this.stop(id, seconds), seconds * 1000);
    this.jobs.set(id, { settle, request, process, isSecondTry, alarm });
    process.send({ id, ...request }, (error) => error && this.lose(process, error.message));
  }

  private finish(answer: Answer): void {
    const job = this.jobs.get(answer.id);
    if (!job) return;
    clearTimeout(job.alarm);
    this.jobs.delete(answer.id);
    if (answer.failure === undefined) this.hasWorked = true;
    job.settle(answer);
  }

  /** Of one that was too slow the machine has too much to do: a client that comes again at once adds to it. */
  private unavailable(failure: string, isTooSlow: boolean): AuthError {
    const cause = new Error(failure);
    if (!isTooSlow) return new AuthError('unavailable', { reason: 'hashing_failed', cause });
    const retryAfterSeconds = Math.ceil(this.longestSeconds);
    return new AuthError('unavailable', { reason: 'hash_too_slow', cause, retryAfterSeconds });
  }

  /** Nothing else stops a hash in a thread. Who was under way beside it has done nothing. */
  private stop(id: number, seconds: number): void {
    const { process } = this.jobs.get(id)!;
    if (this.current === process) this.current = null;
    this.finish({ id, failure: `a hash took longer than ${seconds} s`, isTooSlow: true });
    process.kill('SIGKILL');
    for (const [otherId, other] of [...this.jobs]) {
      if (other.process !== process || other.isSecondTry) continue;
      clearTimeout(other.alarm);
      this.jobs.delete(otherId);
      this.begin({ ...other, isSecondTry: true });
    }
  }

  private start(): ChildProcess {
    const started = spawn(process.execPath, ['--input-type=commonjs', '-e', HASH_PROCESS_SOURCE, this.packagePath], {
      // Nothing else of the environment: the secrets in it are none of its business.
      env: { ...this.environment, UV_THREADPOOL_SIZE: String(this.threads) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      windowsHide: true,
    });
    started.on('message', (answer: Answer) => this.finish(answer));
    started.on('error', (error) => this.lose(started, error.message));
    started.on('exit', (code, signal) => this.lose(started, `the hash process exited (${signal ?? code})`));
    // An idle one keeps no process alive; while a hash is under way its alarm does.
    started.unref();
    started.channel?.unref();
    return started;
  }

  private lose(process: ChildProcess, failure: string): void {
    if (this.current === process) this.current = null;
    process.kill('SIGKILL');
    for (const [id, job] of this.jobs) if (job.process === process) this.finish({ id, failure });
  }
}
