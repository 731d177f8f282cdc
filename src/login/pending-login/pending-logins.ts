import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import type { Exchange } from '../../access/replier.js';
import { Options } from '../../config/options.js';
import type { Transport } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { seal, unsealByAny } from '../../kernel/sealed-text.js';
import { SecretKey } from '../../kernel/secret-key.js';
import { hashSecret, secretMatches } from '../../kernel/secret-token.js';
import { AtomicPrimitives } from '../../sessions/atomic-primitives.js';
import type { ProgressWithState } from '../login-progress.js';
import { policyOptions } from '../policy/policy-options.js';
import { LoginBindingCookie } from './login-binding-cookie.js';

/** A login that has begun and is not finished. It is no session and opens nothing. */
export interface PendingLogin {
  /** Random, 128 bits. */
  readonly id: string;
  readonly userId: string;
  /** As `SessionEpochs.sumOf` the user, when the login began: whatever ends all sessions, of the user or of everyone, ends it too. */
  readonly epochSum: number;
  /** The user's, when the login began: a change of them ends it. */
  readonly roles: readonly string[];
  readonly provenFactors: readonly string[];
  readonly amr: readonly string[];
  /** Names of the factors the user had enrolled when the login began. */
  readonly enrolled: readonly string[];
  /** One of these is due. */
  readonly factors: readonly string[];
  readonly strategy: string;
  readonly transport: Transport;
  /** As the client sent it with the first proof; null: it sent none. */
  readonly deviceToken: string | null;
  /** Data that the first factor needs again once there is a session; absent: none. */
  readonly context?: string | undefined;
  /** As `FactorProof.stepsUp`. */
  readonly stepsUp?: string | undefined;
}

/** The ticket that the client sends back with the next proof. */
export interface LoginTicket {
  readonly loginToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

interface Sealed extends PendingLogin {
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** Of the browser's cookie; null for a client that keeps its tokens itself, and is given no cookie at the end either. */
  readonly browserHash: string | null;
}

const PURPOSE = 'login-token';

/**
 * Pending logins, kept by the client: an encrypted token says what was proven, so that no store is needed. That a token is good once, on
 * whatever node, is the chosen store's: what was not offered there, has run out or was consumed is refused.
 */
@Injectable()
export class PendingLogins {
  private readonly keys: readonly [Buffer, ...Buffer[]];
  /** How long one lasts. */
  readonly lifeSeconds: number;

  constructor(
    private readonly atomics: AtomicPrimitives,
    private readonly bindingCookie: LoginBindingCookie,
    private readonly clock: Clock,
    secretKey: SecretKey,
    options: Options,
  ) {
    this.keys = secretKey.deriveAll(PURPOSE);
    this.lifeSeconds = options.of(policyOptions).loginFactorSeconds;
  }

  /** Hands out the token of a login that has begun, bound to this browser; to none for a client that keeps its tokens itself (`body`). */
  async begin(progress: ProgressWithState, factors: readonly string[], exchange: Exchange): Promise<LoginTicket> {
    const { user, state, provenFactors, amr, strategy, transport, deviceToken, context, stepsUp } = progress;
    const { id: userId, roles, sessionEpoch } = user;
    const { enrolled, globalEpoch } = state;
    const id = randomBytes(16).toString('base64url');
    const expiresAt = this.clock.in(this.lifeSeconds);
    const sealed: Sealed = {
      ...{ id, userId, epochSum: sessionEpoch + globalEpoch, roles, provenFactors, amr, enrolled, factors },
      ...{ strategy: strategy.name, transport, deviceToken, context, stepsUp, expiresAt: expiresAt.getTime() },
      // Tokens in a reply's body log no browser in.
      browserHash: transport === 'body' ? null : hashSecret(this.bindingCookie.set(exchange)),
    };
    const isOffered = await this.atomics.offer(offerOf(id), 0, { expiresAt, now: this.clock.now() });
    if (!isOffered) throw new Error('a random id was taken');
    return { loginToken: seal(JSON.stringify(sealed), this.keys[0], PURPOSE), expiresIn: this.lifeSeconds };
  }

  /**
   * The login that a token stands for. Whether it was finished before has not been checked yet.
   *
   * @throws AuthError `invalid_credentials` for what is none of ours, has run out, or was begun in another browser
   */
  readLogin(loginToken: string, caller: Caller): PendingLogin {
    const text = unsealByAny(loginToken, this.keys, PURPOSE);
    if (text === null) throw refused('login_token_unknown');
    const { expiresAt, browserHash, ...login } = JSON.parse(text) as Sealed;
    if (this.clock.now().getTime() >= expiresAt) throw refused('login_token_expired');
    if (browserHash !== null && !this.bindingCookie.readCookie(caller).some((mark) => secretMatches(mark, browserHash)))
      throw refused('login_of_another_browser');
    return login;
  }

  /** Finishes it: exactly one caller receives true, on whatever node. */
  async consume({ id }: PendingLogin): Promise<boolean> {
    return this.atomics.consumeOnce(offerOf(id), this.clock.now());
  }
}

function offerOf(id: string): string {
  return `pending-login:${id}`;
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_credentials', { reason });
}
