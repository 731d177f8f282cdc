import { randomUUID } from 'node:crypto';
import type { INestApplication } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Caller } from '../access/caller.js';
import type { Exchange } from '../access/replier.js';
import { AuditSink } from '../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../database/auth-data-source.js';
import type { Transport } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { canonicalEmail } from '../kernel/email-address.js';
import { SessionTickets, type TicketChoice } from '../sessions/session-tickets.js';
import type { Login } from '../sessions/ticket-delivery.js';
import { merged } from '../users/declared-user-fields.js';
import { toAuthUser, type UserRecord, UserStore } from '../users/user.store.js';
import type { TestClient } from './test-client.js';
import { TestStepFailed } from './test-step.js';

/** Whom a test acts as. */
export interface ActingAs {
  /** The id of a user who exists. Absent: the user of `email`, who is created, verified, unless there is one. */
  readonly userId?: string;
  /** Default: a new address. */
  readonly email?: string;
  readonly name?: string;
  /** Values of your `registrationFields`, for a user who is created; not validated. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** The user is given exactly these. Absent: a new user has none, an existing user keeps theirs. */
  readonly roles?: readonly string[];
  /** Default: the application's first strategy. */
  readonly strategy?: string;
  /** Default: the strategy's own. */
  readonly transport?: Transport;
  /** How the user is to have proven who they are, e.g. `['pwd', 'otp', 'mfa']` for `@StepUp({ amr: ['mfa'] })`. Default `['pwd']`. */
  readonly amr?: readonly string[];
}

/** Starts sessions by the application's own services: no HTTP, no e-mail, no password, and no policy that might refuse but your `ClaimsSource`. */
export class DirectLogin {
  constructor(private readonly app: INestApplication) {}

  /** The tickets of a new session; its cookies are put into `browser`. @throws TestStepFailed */
  async start(as: ActingAs & { readonly email: string }, browser: TestClient): Promise<Login> {
    const step = `acting as ${as.userId ?? as.email}`;
    const choice = this.choose(step, as);
    const user = await this.userOf(step, as);
    const tickets = this.part(SessionTickets);
    const exchange = exchangeOf(browser);
    try {
      const amr = as.amr ?? ['pwd'];
      const notes = await tickets.notesFor(toAuthUser(user), choice, exchange, { amr });
      const params = { amr, notes, event: 'login.succeeded' as const };
      const started = await tickets.start(user, params, choice, exchange);
      return await tickets.deliver(started, toAuthUser(user), choice, exchange);
    } catch (error) {
      throw new TestStepFailed(`${step}: starting the session`, told(error), 'see the cause', error);
    }
  }

  private choose(step: string, { strategy, transport }: ActingAs): TicketChoice {
    try {
      return this.part(SessionTickets).choose({ strategy, transport });
    } catch (error) {
      const remedy = 'name one of `authStrategies` that a login can end in (session, jwt), and a transport that it has';
      throw new TestStepFailed(`${step}: choosing the ticket`, told(error), remedy, error);
    }
  }

  private async userOf(step: string, as: ActingAs & { readonly email: string }): Promise<UserRecord> {
    const users = this.part(UserStore);
    const found = as.userId === undefined ? await this.made(step, as) : await users.find(as.userId);
    if (!found) throw new TestStepFailed(step, 'no user has that id', 'create the user first, or give an `email`');
    if (as.roles === undefined || String(found.roles) === String(as.roles)) return found;
    await users.update(found.id, { roles: as.roles });
    return (await users.find(found.id)) ?? found;
  }

  /** As when an admin creates one: who takes part in `user.created` does. */
  private async made(step: string, as: ActingAs & { readonly email: string }) {
    const { email: given, name = null, roles = [], fields = {} } = as;
    const users = this.part(UserStore);
    const email = canonicalEmail(given);
    if (email === null) throw new TestStepFailed(step, 'that is no e-mail address', 'give another `email`');
    const existing = await users.findByEmail(email);
    if (existing) return existing;
    const emailVerifiedAt = this.part(Clock).now();
    try {
      return await this.part<DataSource>(AUTH_DATA_SOURCE).transaction(async (tx) => {
        const user = await users.insert({ email, name, emailVerifiedAt, roles, fields: merged(null, fields) }, tx);
        if (user) await this.part(AuditSink).record({ type: 'user.created', userId: user.id, roles }, tx);
        return user;
      });
    } catch (error) {
      const remedy = `see \`insert\` of ${users.constructor.name} and what hears \`user.created\`, or give the \`userId\` of a user who exists`;
      throw new TestStepFailed(`${step}: creating the user`, told(error), remedy, error);
    }
  }

  private part<T>(token: symbol | (abstract new (...given: never[]) => T)): T {
    return this.app.get(token as never, { strict: false });
  }
}

/** The exchange that `deliver` writes to, in the place of a reply. */
function exchangeOf(browser: TestClient): Exchange {
  return {
    caller: new TestCaller(),
    replier: {
      setCookie: ({ name, value, path }) => browser.setCookie(name, value, path),
      clearCookie: () => undefined,
      header: () => undefined,
      status: () => undefined,
    },
  };
}

/** An arbitrary user, who holds nothing. */
class TestCaller implements Caller {
  readonly ip = '127.0.0.1';
  readonly userAgent = 'coatcheck/testing';
  readonly requestId = randomUUID();
  readonly bearerTokens = [];
  readonly request = {};
  readonly method = 'POST';
  readonly dpopProof = undefined;
  readonly path = '/auth/login';
  readonly hasCookies = false;
  readonly certificate = null;

  cookies(): readonly string[] {
    return [];
  }

  cookieNames(): readonly string[] {
    return [];
  }
}

function told(error: unknown): string {
  if (!(error instanceof AuthError)) return String(error);
  const fields = (error.errors ?? []).map(({ message }) => message);
  return [error.reason ?? error.code, ...fields].join(': ');
}
