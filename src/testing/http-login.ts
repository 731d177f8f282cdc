import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { MountedRoutes } from '../http/mounted-routes.js';
import { type UserChanges, UserStore } from '../users/user.store.js';
import { actingUser, type TestUser } from './acting-user.js';
import { AuthenticatorApp } from './authenticator-app.js';
import type { FakeClock } from './fake-clock.js';
import type { SentMails } from './sent-mails.js';
import { TestClient, type TestReply } from './test-client.js';
import { expectReply, TestStepFailed } from './test-step.js';

/** How a test user logs in. */
export interface TestLogin {
  readonly email?: string;
  readonly password?: string;
  readonly name?: string;
  /** Values of your `registrationFields`, sent flat. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Default: the application's first strategy. */
  readonly strategy?: string;
  /** For the strategy jwt; any other is not told of it. */
  readonly transport?: 'body' | 'cookie' | 'split';
  /** Further properties of the user, e.g. `{ roles: ['admin'] }`. */
  readonly changes?: UserChanges;
  /** The user's authenticator app, for a login that asks for a second factor. */
  readonly authenticator?: AuthenticatorApp;
}

/** A login with an address and a password. */
export type PasswordLogin = TestLogin & { readonly email: string; readonly password: string };

/** The parts of the application under test that the conversation needs. */
export interface HttpLoginParts {
  readonly app: INestApplication;
  readonly clock: FakeClock;
  readonly mails: SentMails;
  /** A new one, without cookies. */
  readonly client: () => TestClient;
}

/** A code works once; the next one is shown after so long. */
const NEXT_CODE_SECONDS = 30;
const TOLD_BY_CODE = 'see the code of the reply; app.actAs() starts a session whatever a login requires';
const CHANGED_REPLY = 'see what changes the replies of Coatcheck’s routes: a proxy, or middleware of the application';

let users = 0;
let passwords = 0;
/** Suites may share a store, and with it the counters of addresses. */
const SUITE = randomUUID().slice(0, 8);

/** An address that no user has. */
export function freshEmail(): string {
  users += 1;
  return `user-${users}-${SUITE}@example.com`;
}

/** Registers users and logs them in as people do: over HTTP, with the mailed link. */
export class HttpLogin {
  constructor(private readonly parts: HttpLoginParts) {}

  /** @throws TestStepFailed */
  async register({ email = freshEmail(), password, name, fields, changes }: TestLogin) {
    passwords += 1;
    const known = { email, password: password ?? `correct horse ${passwords} battery` };
    const step = `registering ${email}`;
    const { mails } = this.parts;
    const closed =
      'give what registration asks for: { fields: { … } }; where it is closed, use app.actAs(), or create the user yourself';
    await expectReply(step, this.post('/auth/register', { ...fields, ...known, name }), [202], closed);
    const token = await mails.find('a token', email, /token=([\w.-]+)/);
    const verified = this.post('/auth/email/verify', { token });
    const { body } = await expectReply(`verifying ${email}`, verified, [200, 204], TOLD_BY_CODE);
    if (body?.status === 'password_required') {
      const chosen = this.post('/auth/password/reset', { token: body.resetToken, password: known.password });
      await expectReply(`choosing the password of ${email}`, chosen, [204], TOLD_BY_CODE);
    }
    if (changes) await this.change(step, email, changes);
    return known;
  }

  /** @throws TestStepFailed */
  async logIn(login: PasswordLogin): Promise<TestUser> {
    const { email, password, strategy, authenticator } = login;
    const { clock } = this.parts;
    const step = `logging in ${email}`;
    const browser = this.parts.client();
    const sent = { email, password, strategy, transport: this.transportOf(login) };
    let reply = await expectReply(step, this.post('/auth/login', sent, browser), [200], TOLD_BY_CODE);
    if (reply.body?.status === 'factor_required') {
      if (!authenticator) {
        const remedy = 'give the `authenticator` that was enrolled: logIn({ …, authenticator })';
        throw new TestStepFailed(step, `a second factor is required: ${reply.text}`, remedy);
      }
      const proof = { loginToken: reply.body.loginToken, factor: 'totp', code: authenticator.code() };
      const second = this.post('/auth/login/factor', proof, browser);
      const again = `a code works once: app.clock.advance(${NEXT_CODE_SECONDS}) before the next`;
      reply = await expectReply(`${step}: the second factor`, second, [200], again);
    }
    if (!reply.body?.session?.id) {
      throw new TestStepFailed(step, `the reply is not that of a login: ${reply.text}`, CHANGED_REPLY);
    }
    const user = { email, password, userId: await this.idOf(step, email), sessionId: reply.body.session.id as string };
    const holder = actingUser(browser, { ...user, authenticator }, reply.body);
    return reply.body.status === 'enrolment_required' ? this.enrol(step, holder, login, clock) : holder;
  }

  /** The session is limited to this until it is done; then it is a full one, with a new id and new tickets. */
  private async enrol(step: string, limited: TestUser, login: PasswordLogin, clock: FakeClock): Promise<TestUser> {
    const enrolling = `${step}: enrolling an authenticator app`;
    const begun = await expectReply(enrolling, this.post('/auth/factors/totp', {}, limited), [200], TOLD_BY_CODE);
    const authenticator = new AuthenticatorApp(begun.body.uri, clock);
    const sent = { code: authenticator.code(), transport: this.transportOf(login) };
    const confirming = this.post('/auth/factors/totp/confirm', sent, limited);
    const { body } = await expectReply(enrolling, confirming, [200], TOLD_BY_CODE);
    const { email, password, userId } = limited;
    // That code has been used.
    clock.advance(NEXT_CODE_SECONDS);
    const full = actingUser(limited, { email, password, userId, sessionId: '', authenticator }, body);
    const listing = full.get(this.pathOf('/auth/sessions'));
    const listed = await expectReply(`${enrolling}: its session`, listing, [200], TOLD_BY_CODE);
    const { id } = listed.body.sessions.find(({ current }: { current: boolean }) => current);
    return Object.assign(full, { sessionId: id as string });
  }

  private post(path: string, body: object, client = this.parts.client()): Promise<TestReply> {
    return client.post(this.pathOf(path), body);
  }

  /** Behind the application's prefix and version, unless the client's address has them already. */
  private pathOf(route: string): string {
    const path = this.parts.app.get(MountedRoutes, { strict: false }).pathOf(route);
    const base = new URL(this.parts.client().baseUrl).pathname.replace(/\/$/, '');
    return path.startsWith(`${base}/`) ? path.slice(base.length) : path;
  }

  private transportOf({ strategy, transport }: TestLogin): TestLogin['transport'] {
    return (strategy ?? this.firstStrategy()) === 'jwt' ? transport : undefined;
  }

  private firstStrategy(): string | undefined {
    return this.parts.app.get(Options, { strict: false }).of(coreOptions).authStrategies[0];
  }

  private async idOf(step: string, email: string): Promise<string> {
    const users = this.parts.app.get(UserStore, { strict: false });
    const user = await users.findByEmail(email.toLowerCase());
    if (user) return user.id;
    const remedy = `see \`findByEmail\` of ${users.constructor.name}`;
    throw new TestStepFailed(step, 'the user store does not find the address', remedy);
  }

  private async change(step: string, email: string, changes: UserChanges): Promise<void> {
    await this.parts.app.get(UserStore, { strict: false }).update(await this.idOf(step, email), changes);
  }
}
