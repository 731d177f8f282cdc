import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { createTransport } from 'nodemailer';
import { Clock } from '../kernel/clock.js';
import type { Envelope } from './envelope.js';
import type { Mail } from './mailer.js';

/** A mail as it was sent. */
export interface OutboxMail extends Mail {
  readonly id: string;
  readonly from: string;
  /** By lower-case name; of several the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** The MIME message, byte for byte what SMTP carries. */
  readonly raw: string;
  readonly sentAt: Date;
}

const KEPT = 1000;

/** The latest mails, in memory, for development and tests. Stays empty in production. */
@Injectable()
export class Outbox {
  private readonly mails: OutboxMail[] = [];
  private last: Promise<void> = Promise.resolve();
  private readonly mime = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

  constructor(private readonly clock: Clock) {}

  /** The newest first. */
  list(): OutboxMail[] {
    return [...this.mails];
  }

  /** One after the other: they are listed in the order they were sent in. */
  keep(mail: Mail, envelope: Envelope): Promise<void> {
    this.last = this.last.catch(() => undefined).then(() => this.add(mail, envelope));
    return this.last;
  }

  private async add(mail: Mail, envelope: Envelope): Promise<void> {
    const sentAt = this.clock.now();
    const { message } = await this.mime.sendMail({ ...envelope, date: sentAt });
    const raw = message.toString();
    const { to, subject, text, html } = mail;
    this.mails.unshift({
      id: randomUUID(),
      to,
      from: fromOf(envelope),
      subject,
      text,
      html,
      headers: headersOf(raw),
      raw,
      sentAt,
    });
    this.mails.length = Math.min(this.mails.length, KEPT);
  }
}

function fromOf({ from }: Envelope): string {
  return from.name ? `${from.name} <${from.address}>` : from.address;
}

function headersOf(raw: string): Record<string, string> {
  const head = raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
  const lines = head
    .split('\r\n')
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
  return Object.fromEntries(lines);
}
