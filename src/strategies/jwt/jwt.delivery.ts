import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import type { Exchange, Replier } from '../../access/replier.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { parseSecretToken, type SecretToken } from '../../kernel/secret-token.js';
import { RefreshTokenStore } from '../../sessions/refresh-token.store.js';
import type { DeliveredTickets, StartedSession, TicketDelivery, Transport } from '../../sessions/ticket-delivery.js';
import { AccessTokens } from './access-tokens.js';
import { RefreshService } from './refresh.service.js';
import { TokenBinding } from './token-binding.js';
import { TokenCookies } from './token-cookies.js';

/** Hands access and refresh tokens out, in the reply's body or in cookies, and takes the cookies back. */
@Injectable()
export class JwtDelivery implements TicketDelivery {
  readonly needsSecret = false;
  readonly transports = ['split', 'body', 'cookie'] as const;

  constructor(
    private readonly cookies: TokenCookies,
    private readonly accessTokens: AccessTokens,
    private readonly refreshes: RefreshService,
    private readonly store: RefreshTokenStore,
    private readonly binding: TokenBinding,
  ) {}

  async deliver(
    { session }: StartedSession,
    user: AuthUser,
    transport: Transport,
    exchange: Exchange,
  ): Promise<DeliveredTickets> {
    const pair = await this.refreshes.begin(user, session, this.binding.ofNew(exchange.caller));
    return this.cookies.deliver(pair, transport, exchange);
  }

  isPresentedBy(caller: Caller): boolean {
    return caller.bearerTokens.length > 0 || this.cookies.accessTokens(caller).length > 0;
  }

  /** By access tokens of ours, also expired ones, and by refresh tokens that are known, also spent ones. */
  async heldSessions(caller: Caller): Promise<string[]> {
    const held = new Set<string>();
    const tokens = [...caller.bearerTokens, ...this.cookies.accessTokens(caller)];
    if (tokens.length > 0) await this.assureKeys();
    for (const token of tokens) {
      // Signed on another node a moment ago, it ends its session all the same.
      await this.accessTokens.learnKeyOf(token);
      const claims = this.accessTokens.readSigned(token);
      if (claims && this.binding.mayUse(claims, caller)) held.add(claims.sid);
    }
    for (const value of this.cookies.refreshTokens(caller)) {
      const token = parseSecretToken(value);
      // Nearly always the session of the access token, which has proven it.
      if (token && !held.has(token.id) && (await this.isKnown(token, caller))) held.add(token.id);
    }
    return [...held];
  }

  /**
   * Where no store can be asked whether a key was taken away, those that are known here do: what they prove ends a session and starts
   * none, so that a logout needs no more than the store of the sessions.
   */
  private async assureKeys(): Promise<void> {
    await this.accessTokens.certain()?.catch(() => undefined);
  }

  private async isKnown({ id, secret }: SecretToken, caller: Caller): Promise<boolean> {
    for (const { tokenHash } of this.binding.candidates(secret, caller)) {
      if (await this.store.exists(id, tokenHash)) return true;
    }
    return false;
  }

  withdraw(caller: Caller, replier: Replier): void {
    this.cookies.clear({ caller, replier });
  }
}
