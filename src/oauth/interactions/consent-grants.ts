import { Injectable } from '@nestjs/common';
import { originOf } from '../../access/request-origin.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import type { SessionAuth } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { SessionService } from '../../sessions/session.service.js';
import type { GrantInForce } from '../grants/grant-in-force.js';
import { OAuthConsents } from '../grants/oauth-consents.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import { type AskedScopes, allowedByResource } from './asked-scopes.js';
import { type GrantPayload, grantWith } from './granted-payload.js';
import type { InteractionClient } from './interaction-clients.js';

/** A client's request, and the user who got it. */
interface Asked {
  readonly client: InteractionClient;
  readonly asked: AskedScopes;
  readonly details: Readonly<Record<string, unknown>>;
  readonly grantId: string | null;
}

/** Makes grants of what users say yes to, and remembers it. */
@Injectable()
export class ConsentGrants {
  constructor(
    private readonly grants: OAuthGrants,
    private readonly consents: OAuthConsents,
    private readonly sessions: SessionService,
  ) {}

  /**
   * The client's grant with these scopes in it. It hangs on the session, or on the user with `offline_access` and for native clients.
   *
   * @returns its id, and whether it was made by this
   * @throws AuthError `session_ended` when the session, or all of the user's, ended meanwhile
   */
  async grant(
    { client, asked, details, grantId }: Asked,
    allowed: ReadonlySet<string>,
    { user, session }: SessionAuth,
    request: HttpRequest,
  ): Promise<{ readonly id: string; readonly isNew: boolean }> {
    const by = { origin: originOf(request), sessionId: session.id };
    const sessionEpoch = await this.sessions.userEpochOf(session.id);
    if (sessionEpoch === null) throw ended();
    const known = { id: user.id, sessionEpoch };
    if (!(await this.consents.give(known, client.id, allowedByResource(asked, allowed), by))) throw ended();
    const isOffline = client.isNative || allowed.has('offline_access');
    const before = await this.before(grantId, client.id, user.id);
    const claims = (details.missingOIDCClaims ?? []) as readonly string[];
    const payload = grantWith((before?.payload ?? {}) as GrantPayload, { asked, allowed, claims });
    const goesOn = before !== null && (before.sessionId === null || !isOffline);
    if (goesOn && (await this.grants.save(before.id, payload, { userId: user.id, by })))
      return { id: before.id, isNew: false };
    const sessionId = isOffline ? null : session.id;
    const id = await this.grants.create({
      clientId: client.id,
      user: known,
      sessionId,
      payload,
      needsConsent: true,
      by,
    });
    if (id === null) throw ended();
    return { id, isNew: true };
  }

  /** Ends one that no answer was given with. */
  async endUnused(id: string): Promise<void> {
    await this.grants.end(id, 'interaction_answered');
  }

  private async before(grantId: string | null, clientId: string, userId: string): Promise<GrantInForce | null> {
    const found = grantId === null ? null : await this.grants.judge(grantId);
    return found?.clientId === clientId && found.user.id === userId ? found : null;
  }
}

function ended(): AuthError {
  return new AuthError('session_ended', { reason: 'ended_during_consent' });
}
