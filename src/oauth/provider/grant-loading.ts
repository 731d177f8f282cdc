import { Injectable } from '@nestjs/common';
import type { Grant } from 'oidc-provider';
import { ScopePolicy } from '../../access/scope-policy.js';
import { SessionService } from '../../sessions/session.service.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { OAuthConsents } from '../grants/oauth-consents.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import { OIDC_SCOPES } from '../resources/oauth-resource.js';
import type { OAuthContext } from './current-request.js';
import { hasDroppedOffline, restoreOffline } from './offline-requests.js';
import { type BrowserSession, stateOf } from './request-state.js';
import { addScopes, isEmpty, isWithin, missingScopes, type ScopesByResource } from './scope-sets.js';

/**
 * The grant that an authorization request goes on with: the one of this session and client, or of a consent just given; and where the user
 * need not be asked, because the client is the operator's own or the consent is remembered, one that is made at once.
 */
@Injectable()
export class GrantLoading {
  constructor(
    private readonly clients: OAuthClients,
    private readonly grants: OAuthGrants,
    private readonly consents: OAuthConsents,
    private readonly sessions: SessionService,
    private readonly policy: ScopePolicy,
  ) {}

  /** Undefined: there is none, and the user is asked. */
  async load(ctx: OAuthContext): Promise<Grant | undefined> {
    const { session } = stateOf(ctx.req);
    const client = await this.clients.find(ctx.oidc.client!.clientId);
    const grant = await this.existing(ctx);
    if (session === null || client === null || isAlwaysAsked(client)) return grant;
    if (hasDroppedOffline(ctx) && (await this.isAgreed(session, client, { openid: ['offline_access'] })))
      restoreOffline(ctx);
    const missing = missingScopes(ctx, grant);
    if (isEmpty(missing) || !(await this.isAgreed(session, client, missing))) return grant;
    return this.extended(ctx, grant, { session, client, missing });
  }

  private async existing(ctx: OAuthContext): Promise<Grant | undefined> {
    const { result, session, client, account, provider } = ctx.oidc;
    const id = result?.consent?.grantId ?? session?.grantIdFor(client!.clientId);
    const found = typeof id === 'string' ? await provider.Grant.find(id) : undefined;
    const isOwn = found?.accountId === account?.accountId && found?.clientId === client!.clientId;
    return isOwn ? found : undefined;
  }

  private async isAgreed({ user }: BrowserSession, client: OAuthClient, missing: ScopesByResource): Promise<boolean> {
    if (client.firstParty) return true;
    const given = await this.consents.find(user.id, client.id);
    return given !== null && isWithin(missing, given);
  }

  /** A grant that hangs on the session is never made to outlive it: what asks for that gets one of its own. */
  private async extended(
    ctx: OAuthContext,
    before: Grant | undefined,
    { session, client, missing }: { session: BrowserSession; client: OAuthClient; missing: ScopesByResource },
  ): Promise<Grant | undefined> {
    const { provider } = ctx.oidc;
    const { id: sessionId, user } = session;
    const grant = new provider.Grant({ ...payloadOf(before), accountId: user.id, clientId: client.id });
    addScopes(grant, missing, (scope) => OIDC_SCOPES.includes(scope) || this.policy.mayHold(user, scope));
    const isOffline = client.isNative || grant.getOIDCScope().split(' ').includes('offline_access');
    const payload = payloadOf(grant);
    const wasOffline = before !== undefined && (await this.grants.judge(before.jti))?.sessionId === null;
    const { caller } = stateOf(ctx.req);
    const by = { origin: caller, sessionId };
    if (before && (wasOffline || !isOffline) && (await this.grants.save(before.jti, payload, { userId: user.id, by })))
      return provider.Grant.find(before.jti);
    const sessionEpoch = await this.sessions.userEpochOf(sessionId);
    if (sessionEpoch === null) return undefined;
    const id = await this.grants.create({
      clientId: client.id,
      user: { id: user.id, sessionEpoch },
      sessionId: isOffline ? null : sessionId,
      payload,
      needsConsent: !client.firstParty,
      by,
    });
    return id === null ? undefined : provider.Grant.find(id);
  }
}

/** RFC 8252 §8.6: a client that is called back on a device, or that no admin here registered, may be another one each time. */
function isAlwaysAsked({ isNative, origin }: OAuthClient): boolean {
  return isNative || origin === 'registered' || origin === 'document';
}

/** The library's payload of a grant, without what our rows have columns for. */
function payloadOf(grant: Grant | undefined): Record<string, unknown> {
  if (grant === undefined) return {};
  const { openid, resources, rejected } = grant as Grant & { rejected?: object };
  return JSON.parse(JSON.stringify({ openid, resources, rejected }));
}
