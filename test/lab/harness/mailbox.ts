import type { Readable } from 'node:stream';
import { type ParsedMail, simpleParser } from 'mailparser';
import type { SMTPServerDataStream } from 'smtp-server';
import { SmtpSink } from '../../mail/smtp-sink.js';

/** What becomes of a mail once it has been read: whether the mailbox keeps it, and what its sender is told. */
export interface Reception {
  readonly isKept: boolean;
  readonly refusal?: Error;
}

/** A mail that has not come by then never will; a starved machine takes its time. */
const LOST_MILLISECONDS = 180_000;

/** Every mailbox there is, behind a real SMTP server, and who waits for a mail. */
export class Mailbox {
  private readonly sink = new SmtpSink();
  private readonly tokens = new Map<string, string[]>();
  private readonly waiting = new Map<string, (() => void)[]>();
  /** How the next mails are received. */
  receive: (mail: ParsedMail) => Reception | Promise<Reception> = () => ({ isKept: true });

  static async open(): Promise<Mailbox> {
    const mailbox = new Mailbox();
    await mailbox.listen();
    return mailbox;
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.sink.port}`;
  }

  /** Again at the same port after {@link close}. */
  async listen(): Promise<void> {
    await this.sink.listen({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onData: (stream: SMTPServerDataStream, _session, done) => void this.take(stream).then(done, done),
    });
  }

  /** Every token mailed to this address so far, the oldest first. */
  tokensTo(address: string): readonly string[] {
    return this.tokens.get(address) ?? [];
  }

  /** Waits until so many mails with a token have reached the address. @throws after some minutes */
  async waitFor(address: string, count: number): Promise<readonly string[]> {
    for (const end = performance.now() + LOST_MILLISECONDS; performance.now() < end; ) {
      if (this.tokensTo(address).length >= count) return this.tokensTo(address);
      await this.nextTo(address, 1000);
    }
    throw new Error(`${this.tokensTo(address).length} of ${count} mails came to ${address}`);
  }

  async close(): Promise<void> {
    this.sink.cut();
    await this.sink.close();
  }

  private async take(stream: Readable): Promise<Error | undefined> {
    const mail = await simpleParser(stream);
    const receiver = [mail.to].flat()[0]?.value[0]?.address ?? '';
    const token = /token=([\w.-]+)/.exec(mail.text ?? '')?.[1];
    const { isKept, refusal } = await this.receive(mail);
    if (!isKept) return refusal;
    if (token) this.tokens.set(receiver, [...this.tokensTo(receiver), token]);
    for (const resolve of this.waiting.get(receiver) ?? []) resolve();
    this.waiting.delete(receiver);
    return refusal;
  }

  private nextTo(address: string, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      const came = () => {
        clearTimeout(timer);
        resolve();
      };
      this.waiting.set(address, [...(this.waiting.get(address) ?? []), came]);
    });
  }
}
