import type { Server } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import type { OutboxMail } from '../mail/outbox.js';
import { type ActingUser, actingUser, type TestUser } from './acting-user.js';
import { type ActingAs, DirectLogin } from './direct-login.js';
import type { FakeClock } from './fake-clock.js';
import { freshEmail, HttpLogin, type PasswordLogin, type TestLogin } from './http-login.js';
import { SentMails } from './sent-mails.js';
import { TestClient } from './test-client.js';

const LEFT_OPEN_MS = 1_000;

/** A running application and what tests do with it: requests, users, mails, time. */
export class AuthTestApp {
  private readonly sent: SentMails;
  private readonly direct: DirectLogin;
  private readonly http: HttpLogin;

  constructor(
    readonly app: INestApplication,
    readonly url: string,
    readonly clock: FakeClock,
    private readonly afterClose: () => unknown = () => undefined,
  ) {
    this.sent = new SentMails(app);
    this.direct = new DirectLogin(app);
    this.http = new HttpLogin({ app, clock, mails: this.sent, client: () => this.client() });
  }

  /** A browser that holds nothing. */
  client(headers?: Record<string, string>): TestClient {
    return new TestClient(this.url, headers);
  }

  /**
   * A user with a session, started directly by the application's services: without HTTP, e-mail, password or login policy. It is quick,
   * and works whatever the application requires of a login.
   *
   * @throws TestStepFailed naming the step
   * @example
   * const clerk = await app.actAs({ roles: ['clerk'], amr: ['pwd', 'otp', 'mfa'] });
   * expect((await clerk.get('/reports')).status).toBe(200);
   * await request(server).get('/reports').set(clerk.headers); // the same by another client
   */
  async actAs(as: ActingAs = {}): Promise<ActingUser> {
    const browser = this.client();
    const { user, session, tickets } = await this.direct.start({ ...as, email: as.email ?? freshEmail() }, browser);
    return actingUser(browser, { email: user.email, userId: user.id, sessionId: session.id }, tickets);
  }

  /**
   * Registers and verifies a user over HTTP, then logs in. Where the login requires a second factor, an authenticator app is enrolled,
   * and the clock moves on to its next code.
   *
   * @throws TestStepFailed naming the step
   */
  async logIn(login: TestLogin = {}): Promise<TestUser> {
    const { email, password } = await this.http.register(login);
    return this.http.logIn({ ...login, email, password });
  }

  /** Registers a user and follows the link in the mail. @throws TestStepFailed naming the step */
  register(login: TestLogin = {}): Promise<{ email: string; password: string }> {
    return this.http.register(login);
  }

  /** Logs a registered user in: another device of the same person. @throws TestStepFailed naming the step */
  logInAgain(login: PasswordLogin): Promise<TestUser> {
    return this.http.logIn(login);
  }

  /** Every mail sent so far, to this address or to any, by whichever `Mailer`; the newest first. */
  mails(to?: string): Promise<OutboxMail[]> {
    return this.sent.list(to);
  }

  /** The token in the newest mail to this address. @throws TestStepFailed when there is none */
  mailedToken(to: string): Promise<string> {
    return this.sent.find('a token', to, /token=([\w.-]+)/);
  }

  /** Stops the application. Connections that clients keep open for later are cut after a second: they are not used again. */
  async close(): Promise<void> {
    const server: Server | undefined = this.app.getHttpServer();
    // One that never sent a request is not idle to Node, which would wait for it for more than a minute.
    const cutter = setTimeout(() => server?.closeAllConnections(), LEFT_OPEN_MS);
    try {
      await this.app.close();
    } finally {
      clearTimeout(cutter);
    }
    await this.afterClose();
  }
}
