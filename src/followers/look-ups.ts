import { Inject, Injectable } from '@nestjs/common';
import { RecognisedUsers } from '../access/recognised-users.js';
import { ScopePolicy } from '../access/scope-policy.js';
import { type LookedUp, STRATEGIES, type TicketStrategy } from '../access/ticket-strategy.js';
import { Options } from '../config/options.js';
import { toAuthError } from '../http/problem-details.filter.js';
import { AuthError } from '../kernel/auth-error.js';
import { Clock } from '../kernel/clock.js';
import { RevocationRelay } from '../revocation/revocation-relay.js';
import { sessionOptions } from '../sessions/session-options.js';
import { tokenParties } from '../strategies/jwt/jwt-options.js';
import { acceptedVerdict } from './accepted-verdict.js';
import type { LookUpBody, LookUpVerdict, RefusedVerdict } from './wire.js';

/** However long a ticket lives: what an application's own strategy demands may change with time. */
const LONGEST_MILLISECONDS = 3_600_000;
/** Of the idle limit: a look-up is the only sign of life that a session gives of its use elsewhere. */
const SHARE_OF_IDLE = 0.1;

const REFUSALS: ReadonlySet<string> = new Set<RefusedVerdict['code']>([
  'unauthenticated',
  'token_expired',
  'session_ended',
  'forbidden',
]);

/** Judges tickets that were shown to other services. */
@Injectable()
export class LookUps {
  readonly tally = { accepted: 0, refused: 0 };
  private readonly audience: string;
  private readonly longest: number;
  private readonly rest: TicketStrategy | undefined;
  private readonly shaped: readonly TicketStrategy[];

  constructor(
    @Inject(STRATEGIES) strategies: readonly TicketStrategy[],
    private readonly relay: RevocationRelay,
    private readonly users: RecognisedUsers,
    private readonly scopePolicy: ScopePolicy,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.audience = tokenParties(options).audience;
    this.longest = Math.min(LONGEST_MILLISECONDS, options.of(sessionOptions).sessionIdleSeconds * SHARE_OF_IDLE * 1000);
    this.rest = strategies.find(({ bearerTokens }) => bearerTokens === 'rest');
    this.shaped = strategies.filter(({ bearerTokens }) => typeof bearerTokens === 'function');
  }

  /**
   * Returns an answer as true as the stores would give at this moment, and no older than what the follower had applied when it asked.
   *
   * @throws AuthError `conflict` for a number that the feed has not come to, `unavailable`
   */
  async judge({ ticket, applied, audience = this.audience }: LookUpBody): Promise<LookUpVerdict> {
    if (applied !== undefined && this.relay.isBehind(applied)) await this.catchUpTo(applied);
    try {
      const found = await this.notBanned(await this.lookUp(ticket, audience));
      const verdict = acceptedVerdict(found, this.scopePolicy, this.clock.now(), this.longest);
      this.tally.accepted += 1;
      return verdict;
    } catch (thrown) {
      const { code } = toAuthError(thrown);
      if (!REFUSALS.has(code)) throw thrown;
      this.tally.refused += 1;
      return { accepted: false, code: code as RefusedVerdict['code'] };
    }
  }

  private async lookUp(ticket: string, audience: string): Promise<LookedUp> {
    const shaped = this.shaped.find(({ bearerTokens }) => typeof bearerTokens === 'function' && bearerTokens(ticket));
    const strategy = shaped ?? this.rest;
    if (!strategy?.lookUp) throw new AuthError('unauthenticated', { reason: 'ticket_for_this_service_alone' });
    const found = await strategy.lookUp(ticket, audience);
    // No login was finished: other services know no route for it.
    if (found.auth.by === 'session' && found.auth.session.onlyFor !== null)
      throw new AuthError('forbidden', { reason: 'session_only_for_enrolment' });
    return found;
  }

  private async notBanned(found: LookedUp): Promise<LookedUp> {
    const { auth, userBannedUntil } = found;
    const until = userBannedUntil === undefined ? await this.users.bannedUntil(auth.user.id) : userBannedUntil;
    if (until === null || this.clock.now().getTime() >= until.getTime()) return found;
    throw new AuthError(auth.by === 'session' ? 'session_ended' : 'unauthenticated', { reason: 'user_banned' });
  }

  private async catchUpTo(applied: number): Promise<void> {
    await this.relay.catchUp();
    if (!this.relay.isBehind(applied)) return;
    const { head } = await this.relay.status();
    if (head < applied) throw new AuthError('conflict', { reason: 'ahead_of_the_feed' });
    throw new AuthError('unavailable', { reason: 'node_is_behind', retryAfterSeconds: 1 });
  }
}
