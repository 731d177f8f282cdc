import { Injectable } from '@nestjs/common';
import type { AuthCredential, AuthUser, CredentialAuth } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import type { Subject } from '../../revocation/revocation-feed.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import type { GrantInForce } from '../grants/grant-in-force.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import type { OAuthToken } from './oauth-token.js';

/** The things that a token depends on, as they stand at this moment: the same object for as long as nothing about them has changed. */
export interface TokenRoot {
  readonly client: OAuthClient;
  /** Whom the client acts for; its service user, when it acts for itself. */
  readonly user: AuthUser;
  /** The first is what ends it. */
  readonly subjects: readonly [Subject, ...Subject[]];
  /** Of its grant; null: a client that acts for itself has none. */
  readonly expiresAt: Date | null;
  /** Whose end is its end; null: it hangs on none. */
  readonly sessionId: string | null;
}

/** Whether tokens whose signature and times are right still hold: by their grant, or by the client that acts for itself. */
@Injectable()
export class TokensInForce {
  private readonly ofClients = new WeakMap<OAuthClient, TokenRoot>();

  constructor(
    private readonly grants: OAuthGrants,
    private readonly clients: OAuthClients,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers without a promise when this node knows the grant, or the client, for certain.
   *
   * @throws AuthError `session_ended` for one that was revoked, or whose grant, session, user or client has ended, `unauthenticated` for
   *   one that does not fit its grant, `unavailable`
   */
  judge(token: OAuthToken): TokenRoot | Promise<TokenRoot> {
    if (token.grantId === null) {
      const client = this.clients.find(token.clientId);
      return client instanceof Promise
        ? client.then((found) => this.ofClient(token, found))
        : this.ofClient(token, client);
    }
    const grant = this.grants.judge(token.grantId);
    return grant instanceof Promise ? grant.then((found) => this.ofGrant(token, found)) : this.ofGrant(token, grant);
  }

  private ofGrant(token: OAuthToken, grant: GrantInForce | null): TokenRoot {
    if (!grant) throw over('grant_over');
    if (grant.clientId !== token.clientId || grant.user.id !== token.subject) throw misfit();
    if (grant.revokedJtis.has(token.jtiHash)) throw over('token_revoked');
    return grant;
  }

  private ofClient(token: OAuthToken, client: OAuthClient | null): TokenRoot {
    if (!client || client.isDisabled) throw over('client_over');
    const { serviceUser: user, serviceUserBannedUntil: bannedUntil, generation } = client;
    if (!user) throw over('client_acts_no_more');
    if (token.generation !== generation) throw over('tokens_of_client_ended');
    if (bannedUntil !== null && this.clock.now() < bannedUntil) throw over('user_banned');
    if (client.revokedJtis.has(token.jtiHash)) throw over('token_revoked');
    const known = this.ofClients.get(client);
    if (known) return known;
    const subjects: TokenRoot['subjects'] = [`client:${client.id}`];
    const root = Object.freeze({ client, user, subjects, expiresAt: null, sessionId: null });
    this.ofClients.set(client, root);
    return root;
  }
}

/** The caller that a handler gets for a token. Frozen: it is given to every request with it. */
export function authOf(
  token: OAuthToken,
  { client, user }: TokenRoot,
  { scopes, resourcePaths }: Pick<Required<CredentialAuth>, 'scopes' | 'resourcePaths'>,
): CredentialAuth {
  const { id, name, firstParty } = client;
  const credential: AuthCredential = Object.freeze({
    id: token.jti,
    name,
    createdAt: new Date(token.iat * 1000),
    lastUsedAt: null,
    expiresAt: new Date(token.exp * 1000),
  });
  return Object.freeze({
    by: 'oauth',
    user,
    strategy: 'oauth',
    credential,
    scopes: Object.freeze([...scopes]),
    client: Object.freeze({ id, firstParty }),
    resourcePaths: Object.freeze([...resourcePaths]),
  });
}

function over(reason: string): AuthError {
  return new AuthError('session_ended', { reason });
}

function misfit(): AuthError {
  return new AuthError('unauthenticated', { reason: 'token_of_another_grant', challenge: { error: 'invalid_token' } });
}
