import { Injectable } from '@nestjs/common';
import type { Caller } from '../../../access/caller.js';
import { FreshProof } from '../../../access/fresh-proof.js';
import type { Exchange } from '../../../access/replier.js';
import { AuditSink } from '../../../audit/audit-sink.js';
import { EnrolmentService, type NewTickets } from '../../../credentials/enrolment.service.js';
import { FactorChangeNotifications } from '../../../credentials/factor-change-notifications.js';
import { type AuthContext, requireSession, type Transport } from '../../../kernel/auth-context.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { AccountSecurity } from '../../../security/account-security.js';
import type { Connection } from '../connections/connection.js';
import { EnforcedConnections } from '../connections/enforced-connections.js';
import { FederatedFactor } from '../federated.factor.js';
import type { FlowOwner } from '../flow/federated-flow.js';
import { FederatedFlows } from '../flow/federated-flows.js';
import { ProviderAnswers } from '../flow/provider-answers.js';
import { FederatedLogins } from '../recheck/federated-logins.js';
import { FederatedIdentities } from './federated-identities.js';
import { RolesAtLogin } from './roles-at-login.js';

/** More would make lists too long to read. */
const MOST_LINKED_LOGINS = 50;

/** How a flow that links is to end. */
export interface LinkParams {
  readonly connection: Connection;
  /** As `FlowParams`. */
  readonly returnTo: string | null;
  readonly isByPage: boolean;
}

/** What users do with their linked logins. An admin who acts as a user, and a session that may only enrol, do nothing here. */
@Injectable()
export class OwnLinks {
  constructor(
    private readonly factor: FederatedFactor,
    private readonly flows: FederatedFlows,
    private readonly answers: ProviderAnswers,
    private readonly identities: FederatedIdentities,
    private readonly enforced: EnforcedConnections,
    private readonly logins: FederatedLogins,
    private readonly roles: RolesAtLogin,
    private readonly security: AccountSecurity,
    private readonly notifications: FactorChangeNotifications,
    private readonly enrolment: EnrolmentService,
    private readonly fresh: FreshProof,
    private readonly audit: AuditSink,
  ) {}

  /**
   * Begins to link a login. The caller has just proven who they are, and proves it at the provider too.
   *
   * @returns where to send the browser
   * @throws AuthError `forbidden` for a machine, and for an admin who acts as the user; `step_up_required`; `unavailable`
   */
  async begin(params: LinkParams, auth: AuthContext, exchange: Exchange): Promise<URL> {
    const { id: sessionId, impersonatorId, onlyFor } = requireSession(auth);
    if (impersonatorId !== null || onlyFor !== null) throw new AuthError('forbidden', { reason: 'no_full_session' });
    await this.fresh.assert(auth);
    const { id: userId, roles } = auth.user;
    return this.flows.begin({ ...params, purpose: 'link', owner: { userId, sessionId, roles } }, exchange);
  }

  /**
   * Links what the answer of a provider proves to the user who began it, whose session must be in force still. The other sessions end, and the user is told.
   *
   * @throws AuthError `invalid_credentials`, only its reason saying why; `session_ended`; `conflict` for an identity that belongs to a user already
   */
  async finish(callback: URL, slug: string, { userId }: FlowOwner, { caller: origin }: Exchange): Promise<void> {
    try {
      await this.finishOwn(callback, slug, origin);
    } catch (error) {
      const reason = (error instanceof AuthError ? error.reason : undefined) ?? 'error';
      await this.audit.record({ type: 'identity.link_refused', userId, connection: slug, reason, origin });
      throw error;
    }
  }

  private async finishOwn(callback: URL, slug: string, origin: Caller): Promise<void> {
    const { flow, connection, login } = await this.answers.complete(callback, slug, origin);
    if (flow.purpose !== 'link' || flow.owner === null) throw refused('flow_for_a_login');
    const { userId, sessionId, roles } = flow.owner;
    const { identity } = login;
    // The acting session is locked with its user: it cannot end before the link is made, nor the link be made after its end.
    const acting = { actorId: userId, actorSession: { id: sessionId, roles }, exceptSessionId: sessionId };
    const params = { userId, origin, ...acting, details: { factor: this.factor.name } };
    await this.security.apply('factor_enrolled', params, async (user, tx) => {
      if ((await this.identities.listOf(userId, tx)).length >= MOST_LINKED_LOGINS)
        throw new AuthError('conflict', { reason: 'too_many_linked_logins' });
      const linked = await this.identities.link({ userId, connection, identity, isLogin: false }, tx);
      if (!linked) throw new AuthError('conflict', { reason: 'identity_of_somebody' });
      await this.audit.record({ type: 'identity.linked', userId, connection: connection.slug, by: 'user', origin }, tx);
      await this.notifications.send(user, 'linked_login_added', origin, tx, linked.linkedAt);
    });
  }

  /**
   * Removes a linked login. The other sessions end; this one gets a new id and new tickets, unless it rests on a login by what is removed: then it
   * ends too.
   *
   * @throws AuthError `step_up_required`; `not_found`, also for another user's; `conflict` for the last way in
   */
  async remove(
    id: string,
    auth: AuthContext,
    transport: Transport | undefined,
    exchange: Exchange,
  ): Promise<NewTickets> {
    await this.fresh.assert(auth);
    const endsSession = await this.logins.restsOn(id, requireSession(auth).id);
    const how = { auth, amr: [], transport, endsSession } as const;
    const change = { factor: this.factor, change: 'linked_login_removed', ...how } as const;
    return this.enrolment.remove(
      change,
      async (user, tx) => {
        const { id: userId } = user;
        const all = await this.identities.listOf(userId, tx);
        const linked = all.find((one) => one.id === id);
        const prescribed = user.email === null ? null : await this.enforced.connectionFor(user.email, user);
        const left = all.filter((one) => one.id !== id && one.connectionId === prescribed?.id);
        // Those elsewhere let no such user in.
        if (prescribed !== null && linked?.connectionId === prescribed.id && left.length === 0)
          throw new AuthError('conflict', { reason: 'last_way_in' });
        const { caller: origin } = exchange;
        // A user who could keep its roles would unlink it before they are taken back there.
        if (linked) await this.roles.withdraw(user, linked, tx, origin);
        if (!linked || (await this.identities.remove({ userId, id }, tx)) === 0)
          throw new AuthError('not_found', { reason: 'no_such_linked_login' });
        const facts = { userId, connectionId: linked.connectionId, origin };
        await this.audit.record({ type: 'identity.unlinked', ...facts }, tx);
      },
      exchange,
    );
  }
}

function refused(reason: string): AuthError {
  return new AuthError('invalid_credentials', { reason });
}
