import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import { Options } from '../../config/options.js';
import { LimitKeys } from '../../limits/limit-keys.js';
import { limitOptions } from '../../limits/limit-options.js';
import type { RateLimit } from '../../limits/rate-limit.store.js';
import { RateLimiter, type Taken } from '../../limits/rate-limiter.js';
import type { OAuthLimit } from './oauth-routes.js';

type Allowance = Omit<RateLimit, 'key'>;

/** Our own ids are shorter than a hash. */
const MOST_ID_CHARACTERS = 42;
const MINUTE = 60;
const HOUR = 3600;
/** The default of `LOGIN_ATTEMPTS`, from which the others follow. */
const USUAL_ATTEMPTS = 5;

/** A request that was counted. */
export interface CountedRequest {
  /** The counter that was full; undefined: the request may go on. */
  readonly full: Taken['full'];
  /** The limits that count it if it fails to authenticate. */
  readonly ofFailures: readonly RateLimit[];
}

/**
 * How often the provider's endpoints may be asked. Those that answer from this node's view are counted by the node, without a call to a
 * store: 600 a minute for a client in one network, 60 failed proofs of clients, 60 pages, 3,000 looks at users, which all applications of a
 * network have together; registrations by all nodes together, 20 an hour.
 */
@Injectable()
export class OAuthLimits {
  /** Wrong user codes. */
  readonly userCodes: Allowance;
  private readonly clients: Allowance;
  private readonly failures: Allowance;
  private readonly pages: Allowance;
  private readonly looks: Allowance;
  private readonly registrations: Allowance;

  constructor(
    private readonly limiter: RateLimiter,
    private readonly keys: LimitKeys,
    options: Options,
  ) {
    const { loginAttempts } = options.of(limitOptions);
    const most = (usual: number) => Math.ceil((usual * loginAttempts) / USUAL_ATTEMPTS);
    this.userCodes = { limit: most(10), windowSeconds: 15 * MINUTE };
    this.clients = { limit: most(600), windowSeconds: MINUTE };
    this.failures = { limit: most(60), windowSeconds: MINUTE };
    this.pages = { limit: most(60), windowSeconds: MINUTE };
    this.looks = { limit: most(3_000), windowSeconds: MINUTE };
    this.registrations = { limit: most(20), windowSeconds: HOUR };
  }

  /**
   * A promise only where all nodes count together.
   *
   * @param clientId as the client calls itself: what it cannot prove counts in its own network only
   */
  count(limit: OAuthLimit, caller: Caller, clientId: string): CountedRequest | Promise<CountedRequest> {
    const ofFailures: RateLimit[] = [];
    switch (limit) {
      case 'none':
        return { full: undefined, ofFailures };
      case 'registration': {
        const limits = this.keys.clientLimits('oauth-register', caller, this.registrations);
        return this.limiter.take(limits).then(({ full }) => ({ full, ofFailures }));
      }
      case 'page': {
        const { full } = this.limiter.takeHere(this.keys.clientLimits('oauth-page', caller, this.pages));
        return { full, ofFailures };
      }
      case 'userinfo': {
        const { full } = this.limiter.takeHere(this.keys.clientLimits('oauth-userinfo', caller, this.looks));
        return { full, ofFailures };
      }
      case 'client':
        return this.countClient(caller, clientId);
    }
  }

  /**
   * Counts a proof that was wrong. Not before: any number of right ones may be under way at once. That more may be wrong than are counted,
   * by as many as are under way, is no help to who guesses secrets of 256 bits.
   */
  hasFailed({ ofFailures }: CountedRequest): void {
    this.limiter.takeHere(ofFailures);
  }

  /** The network first: one whose proofs fail makes no counters for the names it makes up, which would push out those of others. */
  private countClient(caller: Caller, clientId: string): CountedRequest {
    const ofFailures = this.keys.clientLimits('oauth-client-failed', caller, this.failures);
    const failed = this.limiter.fullHere(ofFailures);
    if (failed) return { full: failed, ofFailures };
    // It may be as long as a header.
    const id = clientId.length <= MOST_ID_CHARACTERS ? clientId : hash('sha256', clientId, 'base64url');
    const ofClient = { key: `oauth-client:${this.keys.network(caller)}:${id}`, ...this.clients };
    const { full } = this.limiter.takeHere([ofClient]);
    return { full, ofFailures };
  }
}
