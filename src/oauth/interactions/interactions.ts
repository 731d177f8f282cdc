import { Injectable } from '@nestjs/common';
import { originOf } from '../../access/request-origin.js';
import { ScopePolicy } from '../../access/scope-policy.js';
import { AuditSink } from '../../audit/audit-sink.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import type { AuthUser, SessionAuth } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { type AskedScopes, allowable } from './asked-scopes.js';
import { ConsentGrants } from './consent-grants.js';
import { type InteractionClient, InteractionClients } from './interaction-clients.js';
import { type OpenInteraction, OpenInteractions } from './open-interactions.js';
import { type RedirectTarget, redirectTarget } from './redirect-target.js';
import { type Visitor, Visitors } from './visitors.js';

/** An interaction, and who is to answer it. */
export interface Interaction extends OpenInteraction {
  readonly client: InteractionClient;
  readonly asked: AskedScopes;
  readonly redirect: RedirectTarget | null;
  readonly visitor: Visitor;
}

/** A user's answer to a request for consent. */
export interface ConsentAnswer {
  readonly accept: boolean;
  /** Of those asked for; absent: all that the user may hand out. */
  readonly scopes?: readonly string[] | undefined;
}

/** Reasons for which the login has to be newer than the question. */
const FRESH: ReadonlySet<string> = new Set(['login_prompt', 'max_age']);
/** Reasons for which another user than the one at hand is wanted. */
const OTHER_USER: ReadonlySet<string> = new Set(['id_token_hint', 'claims_id_token_sub_value']);

/** Sign-in and consent for a client: what the library waits for. */
@Injectable()
export class Interactions {
  constructor(
    private readonly open: OpenInteractions,
    private readonly clients: InteractionClients,
    private readonly visitors: Visitors,
    private readonly grants: ConsentGrants,
    private readonly policy: ScopePolicy,
    private readonly audit: AuditSink,
  ) {}

  /** @throws AuthError `not_found` unless it is there, unanswered, and this browser's own */
  async details(uid: string, request: HttpRequest): Promise<Interaction> {
    const open = await this.open.find(uid, request);
    const visitor = await this.visitors.of(request);
    const client = await this.clients.of(open.params);
    const user = 'user' in visitor ? visitor.user : null;
    const asked = await this.clients.askedBy(
      client,
      open,
      (scope) => user === null || this.policy.mayHold(user, scope),
    );
    return { ...open, client, asked, visitor, redirect: redirectTarget(open.params.redirect_uri) };
  }

  /** Whether a user has signed in who will do: the right one, and since the question where it asks for that. */
  loginNeeded({ prompt, reasons, startedAt, sessionId, visitor }: Interaction): 'none' | 'login' | 'fresh' | 'other' {
    if (visitor.is !== 'signed-in') return 'login';
    if (prompt !== 'login') return 'none';
    const { session } = visitor.auth;
    // A proof always makes another session. Of the one that was there, the library has found that it will not do.
    const isSame = session.id === sessionId;
    const isFresh = !isSame && session.authenticatedAt >= startedAt;
    if (reasons.some((reason) => OTHER_USER.has(reason)) && !isFresh) return 'other';
    return isSame || (reasons.some((reason) => FRESH.has(reason)) && !isFresh) ? 'fresh' : 'none';
  }

  /**
   * Tells the library who has signed in.
   *
   * @returns where the browser goes on
   * @throws AuthError `unauthenticated`; `step_up_required` for a login older than the question, where it asks for a newer one; `conflict`
   */
  async login(uid: string, request: HttpRequest): Promise<string> {
    return this.finishLogin(await this.details(uid, request), request);
  }

  /** The same, of one that was read before. */
  async finishLogin(interaction: Interaction, request: HttpRequest): Promise<string> {
    const { auth, user } = this.signedIn(interaction);
    const needed = this.loginNeeded(interaction);
    if (needed === 'fresh' || needed === 'other') {
      const stepUp = { maxAgeSeconds: 0, amr: [] };
      throw new AuthError('step_up_required', { reason: 'login_older_than_interaction', stepUp });
    }
    // Of a consent: another user has signed in since, who is asked anew.
    if (interaction.prompt !== 'login' && interaction.accountId === user.id)
      throw new AuthError('conflict', { reason: 'interaction_asks_for_consent' });
    const ts = Math.floor(auth.session.authenticatedAt.getTime() / 1000);
    const login = { accountId: user.id, ts, amr: [...auth.session.amr], remember: true };
    return this.open.answer(interaction.uid, { login }, request);
  }

  /**
   * Takes the answer of a user who was asked for consent.
   *
   * @returns where the browser goes on
   * @throws AuthError `unauthenticated`; `validation_failed` for scopes that were not asked for; `conflict`
   */
  async consent(uid: string, answer: ConsentAnswer, request: HttpRequest): Promise<string> {
    const interaction = await this.details(uid, request);
    const { auth, user } = this.signedIn(interaction);
    if (interaction.prompt !== 'consent' || interaction.accountId !== user.id)
      throw new AuthError('conflict', { reason: 'interaction_asks_for_login' });
    if (!answer.accept) return this.deny(interaction, user, request);
    const allowed = allowedScopes(interaction.asked, answer.scopes);
    const { id, isNew } = await this.grants.grant(interaction, allowed, auth, request);
    try {
      return await this.open.answer(uid, { consent: { grantId: id } }, request);
    } catch (error) {
      if (isNew) await this.grants.endUnused(id);
      throw error;
    }
  }

  /** Gives the client up: it is told `access_denied`. @returns where the browser goes on */
  async abort(uid: string, request: HttpRequest): Promise<string> {
    const interaction = await this.details(uid, request);
    return this.deny(interaction, 'user' in interaction.visitor ? interaction.visitor.user : null, request);
  }

  private async deny(interaction: Interaction, user: AuthUser | null, request: HttpRequest): Promise<string> {
    const denied = { error: 'access_denied', error_description: 'the user has refused' };
    const next = await this.open.answer(interaction.uid, denied, request);
    await this.audit.record({
      type: 'oauth.consent.denied',
      userId: user?.id ?? null,
      clientId: interaction.client.id,
      origin: originOf(request),
    });
    return next;
  }

  private signedIn({ visitor }: Interaction): { readonly auth: SessionAuth; readonly user: AuthUser } {
    if (visitor.is !== 'signed-in') throw new AuthError('unauthenticated', { reason: `visitor_is_${visitor.is}` });
    return visitor;
  }
}

/** @throws AuthError `validation_failed` */
function allowedScopes(asked: AskedScopes, chosen: readonly string[] | undefined): ReadonlySet<string> {
  const all = allowable(asked);
  const strange = chosen?.find((scope) => !all.includes(scope));
  if (strange !== undefined) {
    const message = 'scopes must be among those that were asked for and that the user may hand out';
    throw new AuthError('validation_failed', {
      reason: 'scope_not_asked_for',
      errors: [{ field: 'scopes', rule: 'isAsked', message }],
    });
  }
  // Without it no user would be signed in to the client, which is another request.
  return new Set([...(chosen ?? all), ...asked.openid.filter((scope) => scope === 'openid')]);
}
