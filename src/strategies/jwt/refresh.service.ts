import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import type { RequestOrigin } from '../../access/request-origin.js';
import { AuditSink } from '../../audit/audit-sink.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import type { AuthUser, Transport } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { type MintedToken, parseSecretToken, type SecretToken } from '../../kernel/secret-token.js';
import type { SessionSnapshot } from '../../revocation/session-view.js';
import {
  type RefreshTokenRecord,
  RefreshTokenStore,
  type RotationOutcome,
} from '../../sessions/refresh-token.store.js';
import { SessionService } from '../../sessions/session.service.js';
import { sessionOptions } from '../../sessions/session-options.js';
import { SessionResolver } from '../../sessions/session-resolver.js';
import { AccessTokens, type MintedAccessToken, type TokenSession } from './access-tokens.js';
import { isJwtOn, jwtOptions } from './jwt-options.js';
import { RefreshOutcomes } from './refresh-outcomes.js';
import { RefreshTokens } from './refresh-tokens.js';
import { boundHash, type RefreshCandidate, TokenBinding } from './token-binding.js';
import { TokenUses } from './token-uses.js';

/** A pair of tokens to hand out. */
export interface TokenPair {
  readonly sessionId: string;
  readonly access: MintedAccessToken;
  readonly refreshToken: string;
  /** Seconds until the refresh token runs out. */
  readonly refreshExpiresIn: number;
}

/** A pair that follows another of the same session, and how that session's tokens travel. */
export interface RefreshedPair extends TokenPair {
  readonly transport: Transport;
}

/** Gives out token pairs: the first at login, each next one for the refresh token before it. */
@Injectable()
export class RefreshService {
  private readonly isOn: boolean;
  private readonly lifeSeconds: number;
  private readonly graceSeconds: number;

  constructor(
    private readonly store: RefreshTokenStore,
    private readonly refreshTokens: RefreshTokens,
    private readonly accessTokens: AccessTokens,
    private readonly resolver: SessionResolver,
    private readonly sessions: SessionService,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
    private readonly binding: TokenBinding,
    private readonly outcomes: RefreshOutcomes,
    private readonly uses: TokenUses,
    options: Options,
  ) {
    this.isOn = isJwtOn(options.of(coreOptions));
    this.lifeSeconds = options.of(jwtOptions).refreshTokenSeconds;
    this.graceSeconds = options.of(sessionOptions).refreshGraceSeconds;
  }

  /**
   * The first pair of a session.
   *
   * @param thumbprint of the certificate that both are bound to; null: none
   */
  async begin(user: AuthUser, session: TokenSession, thumbprint: string | null): Promise<TokenPair> {
    const first = this.refreshTokens.first(session.id);
    const record = this.recordOf(first, session, thumbprint);
    await this.store.insert(record);
    // By a key that was taken away meanwhile it would be good for nothing.
    await this.accessTokens.certain();
    return { access: this.accessTokens.mint(user, session, thumbprint), ...handedOut(first, record) };
  }

  /**
   * Exchanges a refresh token for a new pair. A token that comes back after its use ends the session, unless it is the direct
   * predecessor of an unused one, within the grace or while no access token of the new pair was presented: its client never had the
   * response, and gets it again.
   *
   * @throws AuthError `unauthenticated` for what never was a refresh token; nothing is revoked then
   * @throws AuthError `session_ended` when the token or its session has run out or was ended, or by reuse just now
   * @see RFC 9700 §4.14.2
   */
  refresh(presented: string, caller: Caller): Promise<RefreshedPair> {
    return this.outcomes.counted(this.rotate(presented, caller));
  }

  private async rotate(presented: string, caller: Caller): Promise<RefreshedPair> {
    const token = this.isOn ? parseSecretToken(presented) : null;
    const known = token && (await this.find(token, caller));
    if (!token || !known) throw unknownToken();
    const { session, tokenHash, thumbprint } = known;
    const successor = await this.successorOf(token, thumbprint);
    const record = this.recordOf(successor, session, thumbprint);
    if (this.uses.unwritten(session.id)) await this.uses.flush();
    const outcome = await this.store.rotate({
      sessionId: session.id,
      tokenHash,
      successor: record,
      now: record.createdAt,
      graceSeconds: this.graceSeconds,
    });
    await this.judge(outcome, session, caller);
    // Whatever has ended it meanwhile counts; and only a token that is known is a use of the session.
    const { user } = await this.resolver.resolveSession(session.id, 'jwt', () => true);
    await this.accessTokens.certain();
    const access = this.accessTokens.mint(user, session, thumbprint ?? this.binding.ofNew(caller), true);
    // As the session says, never as the request came: a script that puts a cookie's value elsewhere must not be shown the next one.
    return { access, ...handedOut(successor, record), transport: session.transport ?? 'cookie' };
  }

  /** The one that was handed out for it already, by whichever key; else a new one. */
  private async successorOf(token: SecretToken, thumbprint: string | null): Promise<MintedToken> {
    for (const former of this.refreshTokens.formerSuccessorsOf(token)) {
      if (await this.store.exists(token.id, boundHash(former.secret, thumbprint))) return former;
    }
    return this.refreshTokens.successorOf(token);
  }

  /**
   * The token as it may be known, and its session, which lives. Without a trace: a guess must neither learn about a session nor keep it alive.
   * Bound to another certificate it is as unknown as one that never was.
   */
  private async find(
    token: SecretToken,
    caller: Caller,
  ): Promise<(RefreshCandidate & { session: SessionSnapshot }) | null> {
    const { id, secret } = token;
    const session = await this.resolver.findUnused(id, 'jwt');
    const candidates = this.binding.candidates(secret, caller);
    // The rotation itself says whether it is known.
    if (session && candidates.length === 1) return { ...candidates[0]!, session };
    for (const candidate of candidates) {
      if (!(await this.store.exists(id, candidate.tokenHash))) continue;
      await this.resolver.resolveSession(id, 'jwt', () => true);
      const live = session ?? (await this.resolver.find(id));
      if (!live) throw new AuthError('session_ended', { reason: 'session_deleted' });
      return { ...candidate, session: live };
    }
    return null;
  }

  private async judge(outcome: RotationOutcome, session: SessionSnapshot, origin: RequestOrigin): Promise<void> {
    if (outcome === 'rotated' || outcome === 'replayed') return;
    if (outcome === 'unknown') throw unknownToken();
    if (outcome === 'expired') throw new AuthError('session_ended', { reason: 'refresh_token_expired' });
    // Two hold the same token and which one is the thief cannot be told: neither keeps anything.
    const also = { type: 'refresh_token.reused' as const, userId: session.user.id, sessionId: session.id, origin };
    const hasEnded = await this.sessions.end(session.id, 'refresh_reuse', { origin, also });
    // Another request ended it at the same moment; that the token came back is to be known all the same.
    if (!hasEnded) await this.audit.record(also);
    throw new AuthError('session_ended', { reason: 'refresh_reuse' });
  }

  private recordOf(
    { id, secret }: MintedToken,
    { absoluteExpiresAt }: TokenSession,
    thumbprint: string | null,
  ): RefreshTokenRecord {
    const idle = this.clock.in(this.lifeSeconds);
    return {
      tokenHash: boundHash(secret, thumbprint),
      sessionId: id,
      createdAt: this.clock.now(),
      expiresAt: idle < absoluteExpiresAt ? idle : absoluteExpiresAt,
      consumedAt: null,
    };
  }
}

function handedOut(
  { token }: MintedToken,
  { sessionId, createdAt, expiresAt }: RefreshTokenRecord,
): Omit<TokenPair, 'access'> {
  const refreshExpiresIn = Math.floor((expiresAt.getTime() - createdAt.getTime()) / 1000);
  return { sessionId, refreshToken: token, refreshExpiresIn };
}

function unknownToken(): AuthError {
  return new AuthError('unauthenticated', { reason: 'unknown_refresh_token' });
}
