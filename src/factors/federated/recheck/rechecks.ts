import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { inTime } from '../../../kernel/in-time.js';
import { SingleFlight } from '../../../kernel/single-flight.js';
import { CheckQueue, CLAIM_SECONDS, type ClaimedLogin } from './check-queue.js';
import { CheckTimes } from './check-times.js';
import { AnswerNotStored, LoginLooks } from './login-looks.js';

const LOOK_MILLISECONDS = 5_000;
/** Looks at a time. */
const CONCURRENCY = 32;
/** Of one connection: a provider that hangs keeps others' logins waiting for nothing. */
const CONCURRENCY_OF_ONE = 8;
/** An application has 10 s to end. */
const LAST_LOOKS_MILLISECONDS = 8_000;

/** Looks at logins elsewhere when they are due: the work of all nodes together, a few at a time. */
@Injectable()
export class Rechecks implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('federated');
  private readonly running = new Map<Promise<void>, string>();
  private readonly rounds = new SingleFlight(() => this.round());
  private poll: NodeJS.Timeout | undefined;
  private isStopped = false;
  private isOutOfReach = false;

  constructor(
    private readonly queue: CheckQueue,
    private readonly looks: LoginLooks,
    private readonly times: CheckTimes,
  ) {}

  onApplicationBootstrap(): void {
    this.poll = setInterval(() => void this.rounds.run(), LOOK_MILLISECONDS).unref();
  }

  /** Looks that are under way are finished; the rest is another node's. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.poll);
    await inTime(this.settled(), LAST_LOOKS_MILLISECONDS).catch(() => undefined);
    const { size } = this.running;
    if (size > 0) this.logger.warn(`${size} login(s) elsewhere were still being looked at, and will be again`);
  }

  /** Resolves when nothing is due, or being looked at by this process. Never rejects. */
  async settled(): Promise<void> {
    do {
      await this.rounds.run();
      await Promise.all(this.running.keys());
    } while (this.running.size > 0);
  }

  private async round(): Promise<void> {
    try {
      for (;;) {
        while (this.running.size >= CONCURRENCY) await Promise.race(this.running.keys());
        if (this.isStopped) return;
        const busy = this.busyConnections();
        const login = await this.queue.claim(busy);
        this.reached(null);
        if (login) this.begin(login);
        else if (busy.length > 0) await Promise.race(this.running.keys());
        else return;
      }
    } catch (error) {
      this.reached(error as Error);
    }
  }

  private busyConnections(): string[] {
    const counts = new Map<string, number>();
    for (const id of this.running.values()) counts.set(id, (counts.get(id) ?? 0) + 1);
    return [...counts].filter(([, count]) => count >= CONCURRENCY_OF_ONE).map(([id]) => id);
  }

  private begin(login: ClaimedLogin): void {
    const done: Promise<void> = this.look(login)
      .catch((error: Error) => this.reached(error))
      .finally(() => this.running.delete(done));
    this.running.set(done, login.connectionId);
  }

  /** A login that could not be looked at, as a store did not answer, is due a little later. @throws when not even that can be written */
  private async look(login: ClaimedLogin): Promise<void> {
    // Three to a claim: one may be late.
    const keeping = setInterval(() => void this.queue.keep(login).catch(() => undefined), (CLAIM_SECONDS * 1000) / 3);
    try {
      await this.looks.look(login);
    } catch (error) {
      this.reached(error as Error);
      if (!(error instanceof AnswerNotStored))
        await this.queue.finish(login, { nextCheckAt: this.times.afterFailure() });
    } finally {
      clearInterval(keeping);
    }
  }

  private reached(error: Error | null): void {
    if (error && !this.isOutOfReach) this.logger.warn(`logins elsewhere cannot be looked at (${error.message})`);
    if (!error && this.isOutOfReach) this.logger.log('logins elsewhere can be looked at again');
    this.isOutOfReach = error !== null;
  }
}
