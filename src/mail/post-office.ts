import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { type Mail, Mailer } from './mailer.js';

/** A mail, or the work that writes it (null: none is due). */
export type Posting = Mail | (() => Promise<Mail | null>);

const AT_ONCE = 4;
const WAITING = 10_000;
/** Together 5 s: an application has 10 to end. */
const LAST_WRITING_SECONDS = 4;
const LAST_SENDING_SECONDS = 1;

/** Takes mails off the request path, so that no answer waits for SMTP, fails by it, or tells by its time what was mailed. */
@Injectable()
export class PostOffice implements BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly logger = new Logger('mail');
  private readonly waiting: Posting[] = [];
  private readonly idle: (() => void)[] = [];
  private running = 0;

  constructor(private readonly mailer: Mailer) {}

  /** Returns at once and never throws. A mail that cannot be sent is logged, without address or content, and lost. */
  post(posting: Posting): void {
    if (this.waiting.length >= WAITING) {
      this.logger.error('too many mails are waiting: one was dropped');
      return;
    }
    this.waiting.push(posting);
    // Not before the reply: even looking up whether a mail is due would show in its time.
    setImmediate(() => this.next());
  }

  /** Resolves as soon as nothing is waiting or being sent. */
  settled(): Promise<void> {
    if (this.isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.idle.push(resolve));
  }

  /** What is to be written still needs the database, which is closed in the last phase. */
  beforeApplicationShutdown(): Promise<void> {
    return this.settledWithin(LAST_WRITING_SECONDS);
  }

  /** By now the last requests have been answered, and may have posted. */
  async onApplicationShutdown(): Promise<void> {
    await this.settledWithin(LAST_SENDING_SECONDS);
    if (!this.isIdle()) this.logger.error(`${this.waiting.length + this.running} mails were not sent before the end`);
  }

  private async settledWithin(seconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, seconds * 1000);
    });
    await Promise.race([this.settled(), patience]);
    clearTimeout(timer);
  }

  private next(): void {
    const posting = this.running < AT_ONCE ? this.waiting.shift() : undefined;
    if (!posting) return;
    this.running += 1;
    void this.deliver(posting).finally(() => {
      this.running -= 1;
      this.next();
      if (this.isIdle()) for (const resolve of this.idle.splice(0)) resolve();
    });
  }

  private async deliver(posting: Posting): Promise<void> {
    try {
      const mail = typeof posting === 'function' ? await posting() : posting;
      if (mail) await this.mailer.send(mail);
    } catch (error) {
      // The message of an SMTP error often quotes the address.
      const { name, code, responseCode } = error as { name?: string; code?: string; responseCode?: number };
      this.logger.error(`a mail was not sent: ${[name, code, responseCode].filter(Boolean).join(' ')}`);
    }
  }

  private isIdle(): boolean {
    return this.running === 0 && this.waiting.length === 0;
  }
}
