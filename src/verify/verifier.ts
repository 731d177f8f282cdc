import type { Admission } from './admission.js';
import { type ExpressMiddleware, expressMiddleware } from './express.js';
import { type FastifyPlugin, fastifyPlugin } from './fastify.js';
import { Follower } from './follower.js';
import { FollowerLease } from './follower-lease.js';
import { KeySet } from './key-set.js';
import { Readiness } from './readiness.js';
import { Recogniser } from './recogniser.js';
import { ServiceCalls } from './service-calls.js';
import { SignedTokens, type TokenParties } from './signed-tokens.js';
import type { LeaseLine } from './stream-line.js';
import { TicketView } from './ticket-view.js';
import type { VerifiedAuth } from './verified-auth.js';
import { type CheckedSettings, checked, type VerifierSettings } from './verifier-settings.js';
import { VerifyError } from './verify-error.js';
import type { VerifyRequest } from './verify-request.js';
import { assertAllowed, type VerifyRule } from './verify-rule.js';

/** How a verifier is doing. */
export interface VerifierStatus {
  /** Whether it hears of revocations, and answers from what it knows. False: every request asks the service. */
  readonly isFollowing: boolean;
  /** Why not, as far as it can tell; null when it does, or has never tried. */
  readonly problem: string | null;
  /** How many tickets it knows. */
  readonly known: number;
  /** How often it asked the service about a ticket. */
  readonly lookUps: number;
}

/** Verifies the tickets that arrive with requests to your service, and that another service, Coatcheck, has issued. Create one for each process. */
export interface Verifier extends Admission {
  /**
   * Returns who is calling. Answers without a promise, and without a call, when this process knows the ticket. Your code decides what the caller
   * may do: machines (`by: 'credential'`) have `scopes`, and without a rule (`admit`) no scope has been required.
   *
   * @throws VerifyError (or rejects with it): `status`, `code`, `headers` and `problem()` make the reply
   */
  verify(request: VerifyRequest): VerifiedAuth | Promise<VerifiedAuth>;
  /** Middleware for Express (and Connect): sets `req.auth`, or answers the refusal. */
  express(rule?: VerifyRule): ExpressMiddleware;
  /** A plugin for Fastify: sets `request.auth` for all routes of where it is registered, or answers the refusal. */
  fastify(rule?: VerifyRule): FastifyPlugin;
  /**
   * Resolves when it hears of revocations. Requests may come earlier: until then each one asks the service.
   *
   * @throws Error when the service refuses the credential
   */
  ready(): Promise<void>;
  /** Ends its lease, so that no logout waits for it, and refuses to verify from then on. */
  close(): Promise<void>;
  status(): VerifierStatus;
}

/**
 * Creates a verifier, which begins to follow the service at once.
 *
 * @throws TypeError for settings that cannot work: all of them at once
 * @example
 * const verifier = createVerifier({ url: 'https://accounts.example', credential: process.env.VERIFY_KEY });
 * app.use(verifier.express());
 */
export function createVerifier(settings: VerifierSettings): Verifier {
  return new FollowingVerifier(checked(settings));
}

class FollowingVerifier implements Verifier {
  private readonly lease: FollowerLease;
  private readonly view: TicketView;
  private readonly follower: Follower;
  private readonly recogniser: Recogniser;
  private readonly readiness = new Readiness();
  private parties: TokenParties;
  /** Null: the service has not said yet. */
  private hasKeys: boolean | null = null;
  private problem: string | null = null;
  private isClosed = false;

  constructor(private readonly settings: CheckedSettings) {
    const { clock, viewSize, leewaySeconds } = settings;
    const calls = new ServiceCalls(settings);
    this.lease = new FollowerLease(clock);
    this.view = new TicketView((asked, applied) => calls.lookUp(asked, applied), this.lease, clock, viewSize);
    const keys: KeySet = new KeySet(calls, clock, () => tokens.forget());
    const tokens: SignedTokens = new SignedTokens(keys, clock, leewaySeconds, viewSize);
    this.lease.follow(keys);
    this.parties = partiesOf(settings, null);
    this.recogniser = new Recogniser(tokens, this.view, {
      ...settings,
      parties: () => this.parties,
      hasKeys: () => this.hasKeys,
    });
    this.follower = new Follower(calls, this.lease, clock, this.eventsFor(keys), settings);
    this.follower.start();
  }

  verify(request: VerifyRequest): VerifiedAuth | Promise<VerifiedAuth> {
    const auth = this.recognise(request);
    if (auth === null) throw new VerifyError('unauthenticated', { reason: 'no_ticket' });
    return auth;
  }

  admit(request: VerifyRequest, rule: VerifyRule): VerifiedAuth | null | Promise<VerifiedAuth | null> {
    const auth = this.recognise(request);
    if (auth instanceof Promise) return auth.then((later) => allowed(later, rule));
    if (auth !== null) return allowed(auth, rule);
    if (rule.optional) return null;
    throw new VerifyError('unauthenticated', { reason: 'no_ticket' });
  }

  express(rule: VerifyRule = {}): ExpressMiddleware {
    return expressMiddleware(this, rule);
  }

  fastify(rule: VerifyRule = {}): FastifyPlugin {
    return fastifyPlugin(this, rule);
  }

  ready(): Promise<void> {
    // No timer of the follower keeps the process alive: one that waits for the service alone would end here, without a word.
    const alive = setInterval(() => undefined, 60_000);
    return this.readiness.wait().finally(() => clearInterval(alive));
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.readiness.fail(new Error('the verifier was closed'));
    await this.follower.close();
  }

  status(): VerifierStatus {
    const { problem, view } = this;
    return { isFollowing: this.lease.isHeld(), problem, known: view.size, lookUps: view.lookUps };
  }

  private recognise(request: VerifyRequest): VerifiedAuth | null | Promise<VerifiedAuth> {
    if (this.isClosed) throw new VerifyError('unavailable', { reason: 'verifier_closed' });
    return this.recogniser.recognise(request);
  }

  private eventsFor(keys: KeySet) {
    return {
      onLease: (line: LeaseLine) => this.begun(line, keys),
      onKeys: () => keys.invalidate(),
      onRefused: (error: Error) => this.readiness.fail(error),
      onLost: (reason: string) => this.lost(reason),
    };
  }

  private begun(line: LeaseLine, keys: KeySet): void {
    this.parties = partiesOf(this.settings, line);
    this.hasKeys = line.jwksUri !== null;
    if (line.follows) this.heard();
    else this.lost('the service grants no lease: its store cannot push, or logouts have waited for this key in vain');
    // So that the first request need not wait for them.
    if (this.hasKeys) keys.certain()?.catch(() => undefined);
    this.readiness.succeed();
  }

  private heard(): void {
    if (this.problem !== null) this.settings.log('coatcheck/verify: revocations are heard of again');
    this.problem = null;
  }

  private lost(reason: string): void {
    if (this.problem === null) this.settings.log(`coatcheck/verify: every request asks the service now: ${reason}`);
    this.problem = reason;
  }
}

function allowed(auth: VerifiedAuth, rule: VerifyRule): VerifiedAuth {
  assertAllowed(auth, rule);
  return auth;
}

/** What is set, else what the service says; null as long as both say nothing. What is set counts from the first request on. */
function partiesOf({ issuers, audiences }: CheckedSettings, line: LeaseLine | null): TokenParties {
  const iss = issuers ?? (line ? [line.issuer] : null);
  const aud = audiences ?? (line ? [line.audience] : null);
  // The provider of OAuth signs in the name of the origin alone.
  const origins = issuers ? [] : (iss ?? []).filter((one) => URL.canParse(one)).map((one) => new URL(one).origin);
  return { issuers: iss && new Set([...iss, ...origins]), audiences: aud && new Set(aud) };
}
