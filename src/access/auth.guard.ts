import { type ArgumentsHost, type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { isCounted, isUnsafe, replyOf, requestOf, settle, socketOf, unitOf } from '../edge/edge.js';
import type { HttpReply, HttpRequest } from '../edge/http-exchange.js';
import { toAuthError } from '../http/problem-details.filter.js';
import type { AuthContext, AuthSession, CredentialAuth, StrategyName } from '../kernel/auth-context.js';
import { AuthError } from '../kernel/auth-error.js';
import { assertClientMayEnter } from './client-rules.js';
import { CsrfGuard } from './csrf.guard.js';
import { assertOneHost } from './host-header.js';
import { LiveConnections } from './live-connections.js';
import type { LiveSocket } from './live-socket.js';
import { Repliers } from './replier.js';
import { type Recognition, RequestRecognizer } from './request-recognizer.js';
import { challengedBy } from './resource-rule.js';
import { RouteRules } from './route-rules.js';
import { ScopePolicy } from './scope-policy.js';
import { StepUpPolicy } from './step-up.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses every route, GraphQL resolver and WebSocket message handler to callers without a valid ticket, unless it is `@Public()`. Attaches
 * `request.user` and `request.auth`. Each protected method is one decision, to be overridden alone.
 *
 * @example
 * class TenantGuard extends AuthGuard {
 *   protected override async authorize(auth: AuthContext, context: ExecutionContext) {
 *     await super.authorize(auth, context);
 *     if (tenantOf(context) !== tenantOf(auth.user)) throw new AuthError('forbidden', { reason: 'other_tenant' });
 *   }
 * }
 */
@Injectable()
export class AuthGuard implements CanActivate {
  private readonly rules: RouteRules;

  constructor(
    protected readonly reflector: Reflector,
    protected readonly recognizer: RequestRecognizer,
    protected readonly csrfGuard: CsrfGuard,
    protected readonly scopePolicy: ScopePolicy,
    protected readonly stepUps: StepUpPolicy,
    protected readonly repliers: Repliers,
    protected readonly connections: LiveConnections,
  ) {
    this.rules = new RouteRules(reflector);
  }

  /**
   * Answers without a promise when this node knows the caller's session for certain.
   *
   * @throws AuthError `unauthenticated`, `token_expired`, `session_ended`, `csrf_rejected`, `forbidden`, `rate_limited`,
   *   `unavailable`, `validation_failed` (RFC 9112 §3.2: more than one `Host`)
   */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (this.isPublic(context)) return this.admitAll(context);
    if (!this.isGuarded(context)) return true;
    const { resource, scopes } = this.rules.of(context);
    return resource ? challengedBy(resource, scopes, () => this.judge(context)) : this.judge(context);
  }

  private judge(context: ExecutionContext): boolean | Promise<boolean> {
    const request = this.soughtRequest(context);
    assertOneHost(request.rawHeaders ?? request.raw?.rawHeaders, request.originalUrl ?? request.url);
    if (this.rules.of(context).isOptional && !this.recognizer.isTicketPresent(request)) return true;
    const recognition = this.recognize(request, this.rules.of(context).allowed, unitOf(context, request));
    if (recognition instanceof Promise) return recognition.then((later) => this.admit(later, request, context));
    return this.admit(recognition, request, context);
  }

  /**
   * Whether callers in this kind of context are the guard's concern. The default leaves microservice messages (`rpc`) alone: they come
   * from a broker, not from a user. To guard them too, override this and {@link requestOf}.
   */
  protected isGuarded(context: ExecutionContext): boolean {
    return context.getType() !== 'rpc';
  }

  /** Whether the route is open. Asked first, in every context. */
  protected isPublic(context: ExecutionContext): boolean {
    return this.rules.of(context).isPublic;
  }

  /**
   * May this caller pass? The default asks `@Roles()`, `@Permissions()` and `@StepUp()`. An override may ask a store and answer with a promise;
   * what it throws that is no `AuthError` refuses too.
   *
   * @throws AuthError `forbidden`, `step_up_required`
   */
  protected authorize(auth: AuthContext, context: ExecutionContext): void | Promise<void> {
    const { roles, permissions, stepUp } = this.rules.of(context);
    if (roles && !roles.some((role) => auth.user.roles.includes(role))) {
      throw new AuthError('forbidden', { reason: 'role_missing' });
    }
    if (permissions && !permissions.every((one) => auth.permissions.includes(one))) {
      throw new AuthError('forbidden', { reason: 'permission_missing' });
    }
    if (stepUp) this.stepUps.assert(auth, stepUp);
  }

  /**
   * May an admin do this in the user's name? The default leaves a host's routes open unless `@NotWhileImpersonating()`, and
   * of ours only those that change nothing: no credential, address or session of the user is an admin's to change there.
   *
   * @throws AuthError `forbidden`
   */
  protected authorizeImpersonation(context: ExecutionContext): void {
    const isReading = READING.has(this.requestOf(context).method);
    const { isOurs, isClosedToImpersonators } = this.rules.of(context);
    if (!isClosedToImpersonators && (isReading || !isOurs)) return;
    throw new AuthError('forbidden', { reason: 'not_while_impersonating' });
  }

  /**
   * May a machine's credential pass? Only where `@Scopes()` says so, and with all of its scopes: of ours nearly nowhere, so that
   * no key makes another, nor touches what its user logs in with.
   *
   * @throws AuthError `forbidden`
   */
  protected authorizeMachine({ user, scopes }: CredentialAuth, context: ExecutionContext): void {
    const { scopes: needed } = this.rules.of(context);
    if (!needed) throw new AuthError('forbidden', { reason: 'not_for_machines' });
    const holds = (scope: string) => scopes.includes(scope) && this.scopePolicy.mayHold(user, scope);
    if (needed.every(holds)) return;
    const challenge = { error: 'insufficient_scope', scopes: needed } as const;
    throw new AuthError('forbidden', { reason: 'scope_missing', challenge });
  }

  /**
   * The request behind a route, a GraphQL resolver or a WebSocket message (its handshake). Override it for contexts of your own; what you
   * answer is what `@CurrentUser()`, limits and refusals see too.
   *
   * @throws AuthError `forbidden` when there is none
   */
  protected requestOf(context: ExecutionContext): HttpRequest {
    return requestOf(context);
  }

  /** The reply that belongs to it; undefined where there is none, as on a WebSocket. To be overridden with {@link requestOf}. */
  protected replyOf(context: ArgumentsHost): HttpReply | undefined {
    return replyOf(context);
  }

  private soughtRequest(context: ExecutionContext): HttpRequest {
    const request = this.requestOf(context);
    const { requestOf: ofRequest, replyOf: ofReply } = AuthGuard.prototype;
    if (this.requestOf !== ofRequest || this.replyOf !== ofReply) {
      settle(context, { request, reply: this.replyOf(context) });
    }
    return request;
  }

  private admitAll(context: ExecutionContext): true {
    if (context.getType() !== 'http') return true;
    const request = this.soughtRequest(context);
    assertOneHost(request.rawHeaders ?? request.raw?.rawHeaders, request.originalUrl ?? request.url);
    // No page can make a browser send this header to another site unasked: who sends it means it.
    const isMeant = request.headers.authorization !== undefined;
    const { isOurs, isOpenToOtherSites } = this.rules.of(context);
    if (isOurs && !isOpenToOtherSites && !isMeant) this.csrfGuard.assertSameSite(request);
    return true;
  }

  private admitMachine(auth: CredentialAuth, context: ExecutionContext): void {
    if (auth.client) assertClientMayEnter(auth, this.rules.of(context));
    this.authorizeMachine(auth, context);
  }

  private authorizeSession({ impersonatorId, onlyFor }: AuthSession, context: ExecutionContext): void {
    if (impersonatorId !== null) this.authorizeImpersonation(context);
    // Not to be overridden: no login was finished.
    if (onlyFor !== null && !this.rules.of(context).isOpenToEnrolment) {
      throw new AuthError('forbidden', { reason: 'session_only_for_enrolment' });
    }
  }

  private recognize(
    request: HttpRequest,
    allowed: readonly StrategyName[] | undefined,
    unit: object,
  ): Recognition | Promise<Recognition> {
    try {
      const recognition = this.recognizer.recognize(request, allowed, unit);
      return recognition instanceof Promise ? recognition.catch(refuse) : recognition;
    } catch (error) {
      return refuse(error);
    }
  }

  private admit({ context: auth, carrier, charge }: Recognition, request: HttpRequest, context: ExecutionContext) {
    if (carrier !== 'header') {
      this.csrfGuard.assertSameSite(request, isUnsafe(context, request));
      // Ours take no forms, and machines with a certificate may send theirs.
      if (carrier === 'cookie' && !this.rules.of(context).isOurs) this.csrfGuard.assertFormToken(request, auth);
    }
    if (auth.by !== 'session') this.admitMachine(auth, context);
    else this.authorizeSession(auth.session, context);
    const pass = (): true => {
      request.user = auth.user;
      request.auth = auth;
      const socket = socketOf(context);
      if (socket) this.connections.track(socket as LiveSocket, auth);
      return true;
    };
    const verdict = this.authorize(auth, context);
    // Last: a refused request has used nothing up.
    if (charge && isCounted(context))
      return Promise.resolve(verdict)
        .then(() => charge(this.repliers.of(this.replyOf(context))))
        .then(pass);
    return verdict instanceof Promise ? verdict.then(pass) : pass();
  }
}

/** A store's own error would be a 500 of the host's, who cannot know that it means 503. */
function refuse(error: unknown): never {
  throw toAuthError(error);
}
