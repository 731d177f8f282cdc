import { Injectable } from '@nestjs/common';
import type { LookedUp } from '../../access/ticket-strategy.js';
import { AuthError } from '../../kernel/auth-error.js';
import { KEYS_CHANGED } from '../../keys/known-keys.js';
import { SessionResolver } from '../../sessions/session-resolver.js';
import { OAuthResources, RESOURCES_CHANGED } from '../resources/oauth-resources.js';
import { OAuthScopes } from '../resources/oauth-scopes.js';
import type { OAuthToken } from './oauth-token.js';
import { OAuthTokens } from './oauth-tokens.js';
import { authOf, type TokenRoot, TokensInForce } from './tokens-in-force.js';

/** Tokens that were shown to the API they are for, which asks whether they hold. */
@Injectable()
export class TokenLookUps {
  constructor(
    private readonly tokens: OAuthTokens,
    private readonly inForce: TokensInForce,
    private readonly resources: OAuthResources,
    private readonly scopes: OAuthScopes,
    private readonly sessions: SessionResolver,
  ) {}

  /**
   * An opaque token is for no API, and none of these.
   *
   * @throws AuthError `unauthenticated` for a token of another audience, or for an API that is not known any more; as the strategy otherwise
   */
  async judge(jwt: string, audience: string): Promise<LookedUp> {
    const token = await this.tokens.verify(jwt);
    const resource = token.audiences.includes(audience) ? await this.resources.find(audience) : null;
    if (!resource) throw new AuthError('unauthenticated', { reason: 'token_for_others' });
    const root = await this.inForce.judge(token);
    const scopes = this.scopes.held(token.scopes, { resource, client: root.client, user: root.user });
    return {
      auth: authOf(token, root, { scopes, resourcePaths: [] }),
      // A banned user has no grant in force.
      userBannedUntil: null,
      subjects: [...root.subjects, `user:${root.user.id}`, RESOURCES_CHANGED.subject, KEYS_CHANGED.subject],
      until: await this.endOf(token, root),
      mayKeep: true,
      confirmation: token.confirmation,
    };
  }

  /** With its session, or its grant, if that is before its own time. */
  private async endOf({ exp }: OAuthToken, { expiresAt, sessionId }: TokenRoot): Promise<Date> {
    const ends = [exp * 1000];
    if (expiresAt !== null) ends.push(expiresAt.getTime());
    if (sessionId !== null) {
      const session = await this.sessions.find(sessionId);
      if (!session) throw new AuthError('session_ended', { reason: 'grant_over' });
      ends.push(session.absoluteExpiresAt.getTime());
    }
    return new Date(Math.min(...ends));
  }
}
