import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AUTH_ROUTES } from '../http/auth-controller.js';
import { toAuthError } from '../http/problem-details.filter.js';
import type { AuthContext, StrategyName } from '../kernel/auth-context.js';
import { AuthError, type StepUp } from '../kernel/auth-error.js';
import { CrossSiteGuardian } from './cross-site.guardian.js';
import type { HttpRequest } from './http-exchange.js';
import { Public } from './public.decorator.js';
import { type Recognition, RequestRecognizer } from './request-recognizer.js';
import { ALLOWED_STRATEGIES, NOT_WHILE_IMPERSONATING, OPEN_TO_ENROLMENT, ROLES } from './route-decorators.js';
import { STEP_UP, StepUpJudge } from './step-up.js';

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * The one guard: closed unless `@Public()`. Attaches `request.user` and `request.auth`. Each protected method is one
 * decision, to be overridden alone.
 *
 * @example
 * class TenantGuard extends AuthGuard {
 *   protected override authorize(auth: AuthContext, context: ExecutionContext) {
 *     super.authorize(auth, context);
 *     if (tenantOf(context) !== tenantOf(auth.user)) throw new AuthError('forbidden', { reason: 'other_tenant' });
 *   }
 * }
 */
@Injectable()
export class AuthGuard implements CanActivate {
  /** By controller and handler: what decorators say of a route never changes, and is slow to ask. */
  private readonly routes = new WeakMap<object, Map<object, Route>>();
  /** Of one request, the same is asked several times. */
  private latest: Route | undefined;

  constructor(
    protected readonly reflector: Reflector,
    protected readonly recognizer: RequestRecognizer,
    protected readonly crossSite: CrossSiteGuardian,
    protected readonly stepUps: StepUpJudge,
  ) {}

  /**
   * Answers without a promise when this node knows the caller's session for certain.
   *
   * @throws AuthError `unauthenticated`, `token_expired`, `session_ended`, `csrf_rejected`, `forbidden`, `unavailable`
   */
  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = this.requestOf(context);
    if (this.isPublic(context)) {
      // No page can make a browser send this header to another site unasked: who sends it means it.
      const isMeant = request.headers.authorization !== undefined;
      if (this.route(context).isOurs && !isMeant) this.crossSite.check(request);
      return true;
    }
    const { allowed } = this.route(context);
    const recognition = this.recognize(request, allowed);
    if (recognition instanceof Promise) return recognition.then((later) => this.admit(later, request, context));
    return this.admit(recognition, request, context);
  }

  /** Whether the route is open. */
  protected isPublic(context: ExecutionContext): boolean {
    return this.route(context).isPublic;
  }

  /**
   * May this caller pass? The default asks `@Roles()` and `@StepUp()`. An override may ask somebody and answer with a promise;
   * what it throws that is no `AuthError` refuses too.
   *
   * @throws AuthError `forbidden`, `step_up_required`
   */
  protected authorize({ user, session }: AuthContext, context: ExecutionContext): void | Promise<void> {
    const { roles, stepUp } = this.route(context);
    if (roles && !roles.some((role) => user.roles.includes(role))) {
      throw new AuthError('forbidden', { reason: 'role_missing' });
    }
    if (stepUp) this.stepUps.assert(session, stepUp);
  }

  /**
   * May an operator do this in the user's name? The default leaves a host's routes open unless `@NotWhileImpersonating()`, and
   * of ours only those that change nothing: no credential, address or session of the user is an operator's to change there.
   *
   * @throws AuthError `forbidden`
   */
  protected authorizeImpersonation(context: ExecutionContext): void {
    const isReading = READING.has(this.requestOf(context).method);
    const { isOurs, isClosedToImpersonators } = this.route(context);
    if (!isClosedToImpersonators && (isReading || !isOurs)) return;
    throw new AuthError('forbidden', { reason: 'not_while_impersonating' });
  }

  /** Override for contexts other than HTTP, e.g. GraphQL. */
  protected requestOf(context: ExecutionContext): HttpRequest {
    if (context.getType() !== 'http') throw new AuthError('forbidden', { reason: 'no_http_request' });
    return context.getArgByIndex<HttpRequest>(0);
  }

  private recognize(request: HttpRequest, allowed: StrategyName[] | undefined): Recognition | Promise<Recognition> {
    // A store's own error would be a 500 of the host's, who cannot know that it means 503.
    const refuse = (error: unknown): never => {
      throw toAuthError(error);
    };
    try {
      const recognition = this.recognizer.recognize(request, allowed);
      return recognition instanceof Promise ? recognition.catch(refuse) : recognition;
    } catch (error) {
      return refuse(error);
    }
  }

  private admit({ context: auth, carrier }: Recognition, request: HttpRequest, context: ExecutionContext) {
    if (carrier === 'cookie') {
      this.crossSite.check(request);
      // Ours take no forms.
      if (!this.route(context).isOurs) this.crossSite.checkForm(request, auth.session);
    }
    if (auth.session.impersonatorId !== null) this.authorizeImpersonation(context);
    // Not to be overridden: no login was finished.
    if (auth.session.onlyFor !== null && !this.route(context).isOpenToEnrolment) {
      throw new AuthError('forbidden', { reason: 'session_only_for_enrolment' });
    }
    const pass = (): true => {
      request.user = auth.user;
      request.auth = auth;
      return true;
    };
    const verdict = this.authorize(auth, context);
    return verdict instanceof Promise ? verdict.then(pass) : pass();
  }

  private route(context: ExecutionContext): Route {
    const [controller, handler] = [context.getClass(), context.getHandler()];
    const { latest } = this;
    if (latest?.handler === handler && latest.controller === controller) return latest;
    const ofController = this.routes.get(controller) ?? new Map<object, Route>();
    const route = ofController.get(handler) ?? this.readRoute(context);
    this.routes.set(controller, ofController.set(handler, route));
    this.latest = route;
    return route;
  }

  private readRoute(context: ExecutionContext): Route {
    const [controller, handler] = [context.getClass(), context.getHandler()];
    const said = <T>(key: string) => this.reflector.getAllAndOverride<T | undefined>(key, [handler, controller]);
    return {
      controller,
      handler,
      isPublic: said<boolean>(Public.key) === true,
      isOurs: said<boolean>(AUTH_ROUTES) === true,
      isClosedToImpersonators: said<boolean>(NOT_WHILE_IMPERSONATING) === true,
      allowed: said<StrategyName[]>(ALLOWED_STRATEGIES),
      roles: said<string[]>(ROLES),
      isOpenToEnrolment: said<boolean>(OPEN_TO_ENROLMENT) === true,
      stepUp: said<Partial<StepUp>>(STEP_UP),
    };
  }
}

/** What decorators say of a route. */
interface Route {
  readonly controller: object;
  readonly handler: object;
  readonly isPublic: boolean;
  readonly isOurs: boolean;
  readonly isClosedToImpersonators: boolean;
  readonly allowed: StrategyName[] | undefined;
  readonly roles: string[] | undefined;
  readonly isOpenToEnrolment: boolean;
  readonly stepUp: Partial<StepUp> | undefined;
}
