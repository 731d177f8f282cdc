import type { AuthTestApp, TestClient, TestReply } from '../../src/testing/index.js';

let counter = 0;

export const freshMailbox = () => `reader-${++counter}@example.com`;

/** What a mail to sign in with says. */
export interface ReadMail {
  readonly subject: string;
  readonly text: string;
  /** Digits only; empty without one. */
  readonly code: string;
  /** Of the link; empty without one. */
  readonly token: string;
}

/** Asks for a mail, as this client. */
export function ask(client: TestClient, email: string, body: object = {}): Promise<TestReply> {
  return client.post('/auth/login/mailbox/send', { email, ...body });
}

/** Tries to log in by what was mailed. */
export function enter(client: TestClient, proof: object): Promise<TestReply> {
  return client.post('/auth/login/mailbox', proof);
}

/** The newest mail to this address that signs in; null: there is none. */
export async function read(app: AuthTestApp, email: string): Promise<ReadMail | null> {
  const mails = await app.mails(email);
  const mail = mails.find(({ text }) => /\b\d{4} \d{4}\b|\/auth\/login\/mailbox\?token=/.test(text));
  if (!mail) return null;
  const { subject, text } = mail;
  const code = (/\b(\d{4}) (\d{4})\b/.exec(text) ?? []).slice(1).join('');
  return { subject, text, code, token: /token=([\w.-]+)/.exec(text)?.[1] ?? '' };
}

/** Asks for a mail and reads it. @throws when none comes */
export async function askAndRead(app: AuthTestApp, client: TestClient, email: string): Promise<ReadMail> {
  const { status, text } = await ask(client, email);
  if (status !== 202) throw new Error(`expected 202, got ${status}: ${text}`);
  const mail = await read(app, email);
  if (!mail) throw new Error(`nothing to sign in with was mailed to ${email}`);
  return mail;
}

/** A code of eight digits that is not this one. */
export const otherThan = (code: string) => String((Number(code) + 1) % 100_000_000).padStart(8, '0');

/** `200 authenticated`, or the status and the code of the refusal. */
export const told = ({ status, body }: TestReply) => `${status} ${body?.code ?? body?.status ?? ''}`.trim();
