import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { MailQueue } from '../mail/mail-queue.js';
import { Outbox, type OutboxMail } from '../mail/outbox.js';
import { type UserChanges, UserStore } from '../users/user.store.js';
import type { FakeClock } from './fake-clock.js';
import { TestClient } from './test-client.js';

/** How a test user logs in. */
export interface TestLogin {
  readonly email?: string;
  readonly password?: string;
  readonly name?: string;
  /** What your `registrationFields` declare, sent flat. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Default: the application's first strategy. */
  readonly strategy?: string;
  /** For the strategy jwt; any other is not told of it. */
  readonly transport?: 'body' | 'cookie' | 'split';
  /** What the user is given besides, e.g. `{ roles: ['admin'] }`. */
  readonly changes?: UserChanges;
}

/** A logged-in user: a client whose requests carry the ticket. */
export interface TestUser extends TestClient {
  readonly email: string;
  readonly password: string;
  readonly userId: string;
  readonly sessionId: string;
  /** With the jwt strategy, unless the transport is `cookie`. */
  readonly accessToken?: string;
  /** With transport `body`. */
  readonly refreshToken?: string;
}

let counter = 0;
/** Suites may share a store, and with it the counters of addresses. */
const SUITE = randomUUID().slice(0, 8);

/** A running application and what tests do with it: requests, users, mails, time. */
export class AuthTestApp {
  constructor(
    readonly app: INestApplication,
    readonly url: string,
    readonly clock: FakeClock,
    private readonly afterClose: () => unknown = () => undefined,
  ) {}

  /** A browser that holds nothing. */
  client(headers?: Record<string, string>): TestClient {
    return new TestClient(this.url, headers);
  }

  /** Registers and verifies a user over HTTP, then logs in. */
  async logIn(login: TestLogin = {}): Promise<TestUser> {
    const { email, password } = await this.register(login);
    return this.logInAgain({ ...login, email, password });
  }

  /** Registers a user and follows the link in the mail. */
  async register({
    email,
    password,
    name,
    fields,
    changes,
  }: TestLogin = {}): Promise<{ email: string; password: string }> {
    counter += 1;
    const known = {
      email: email ?? `user-${counter}-${SUITE}@example.com`,
      password: password ?? `correct horse ${counter} battery`,
    };
    await expectStatus(202, this.client().post('/auth/register', { ...fields, ...known, name }));
    const verified = await this.client().post('/auth/email/verify', { token: await this.mailedToken(known.email) });
    if (verified.body?.status === 'password_required') {
      const chosen = { token: verified.body.resetToken, password: known.password };
      await expectStatus(204, this.client().post('/auth/password/reset', chosen));
    } else await expectStatus(204, Promise.resolve(verified));
    if (changes) {
      const users = this.app.get(UserStore, { strict: false });
      const user = await users.findByEmail(known.email.toLowerCase());
      await users.update(user!.id, changes);
    }
    return known;
  }

  /** Logs a registered user in: another device of the same person. */
  async logInAgain(login: TestLogin & { email: string; password: string }): Promise<TestUser> {
    const { email, password, strategy } = login;
    const transport = (strategy ?? this.firstStrategy()) === 'jwt' ? login.transport : undefined;
    const anonymous = this.client();
    const { body } = await expectStatus(200, anonymous.post('/auth/login', { email, password, strategy, transport }));
    const headers: Record<string, string> = body.accessToken ? { authorization: `Bearer ${body.accessToken}` } : {};
    const client = this.client(headers);
    return Object.assign(anonymous.copyInto(client), {
      email,
      password,
      userId: body.user.id as string,
      sessionId: body.session.id as string,
      accessToken: body.accessToken as string | undefined,
      refreshToken: body.refreshToken as string | undefined,
    });
  }

  private firstStrategy(): string | undefined {
    return this.app.get(Options, { strict: false }).of(coreOptions).authStrategies[0];
  }

  /** Every mail sent so far, to this address or to anybody; the newest first. */
  async mails(to?: string): Promise<OutboxMail[]> {
    await this.app.get(MailQueue, { strict: false }).settled();
    const sent = this.app.get(Outbox, { strict: false }).list();
    return sent.filter((mail) => to === undefined || mail.to === to.toLowerCase());
  }

  /** The token in the newest mail to this address. @throws when there is none */
  async mailedToken(to: string): Promise<string> {
    const [mail] = await this.mails(to);
    const token = /token=([\w.-]+)/.exec(mail?.text ?? '')?.[1];
    if (!token) throw new Error(`no token was mailed to ${to}`);
    return token;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.afterClose();
  }
}

async function expectStatus<T extends { status: number; text: string }>(
  status: number,
  pending: Promise<T>,
): Promise<T> {
  const reply = await pending;
  if (reply.status !== status) throw new Error(`expected ${status}, got ${reply.status}: ${reply.text}`);
  return reply;
}
