import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { catchError, concatMap, from, type Observable, switchMap } from 'rxjs';
import { type Caller, Callers } from '../access/caller.js';
import { type Exchange, Repliers } from '../access/replier.js';
import { Options } from '../config/options.js';
import { inputOf, requestOf } from '../edge/edge.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { RATE_LIMITED } from '../http/api-docs.js';
import { toAuthError } from '../http/problem-details.filter.js';
import { ticketIdOf } from '../kernel/auth-context.js';
import { AuthError, type AuthErrorCode } from '../kernel/auth-error.js';
import { LimitKeys } from './limit-keys.js';
import { limitOptions } from './limit-options.js';
import type { RateLimit } from './rate-limit.store.js';
import { RateLimitHeaders } from './rate-limit-headers.js';
import type { LimitSubject, RateLimitRule } from './rate-limit-rule.js';
import { RateLimiter, type Taken } from './rate-limiter.js';
import { Refusals } from './refusals.js';

/** Codes of refusals that do not count. */
const NOT_COUNTED: ReadonlySet<AuthErrorCode> = new Set<AuthErrorCode>([
  'validation_failed',
  'payload_too_large',
  'unsupported_media_type',
  'unavailable',
]);

/** Where one is full, none behind it is touched; and everywhere in the same order, or two could wait for each other. */
const COARSE_FIRST: readonly LimitSubject[] = ['ip', 'session', 'user', 'email'];

/** By whom, and with what. */
interface Asked extends Pick<HttpRequest, 'auth'> {
  readonly input: unknown;
}

/** Counts requests for a handler with `@RateLimited`: after the guards, before anything is validated or done. */
@Injectable()
export class RateLimitInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly limiter: RateLimiter,
    private readonly keys: LimitKeys,
    private readonly headers: RateLimitHeaders,
    private readonly refusals: Refusals,
    private readonly callers: Callers,
    private readonly repliers: Repliers,
    private readonly options: Options,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const rule = this.reflector.get<RateLimitRule>(RATE_LIMITED, context.getHandler());
    const request = requestOf(context);
    const exchange = { caller: this.callers.callerOf(context), replier: this.repliers.replierOf(context) };
    const handler = rule.countedAs ?? `${context.getClass().name}.${context.getHandler().name}`;
    const limits = this.limitsFor(rule, handler, { auth: request.auth, input: inputOf(context) }, exchange.caller);
    return from(this.enter(rule, limits, exchange, request.auth?.user.id)).pipe(
      switchMap((taken) =>
        next.handle().pipe(
          concatMap((answer) => from(rule.failuresOnly ? this.giveBack(taken, answer) : [answer])),
          catchError((thrown) => from(this.leave(taken, thrown))),
        ),
      ),
    );
  }

  /** @throws AuthError `rate_limited` */
  private async enter(
    { counted }: RateLimitRule,
    limits: readonly RateLimit[],
    { caller: origin, replier }: Exchange,
    userId: string | undefined,
  ): Promise<Taken> {
    const taken = counted === 'node' ? this.limiter.takeHere(limits) : await this.limiter.take(limits);
    const { full, counts } = taken;
    // How often an address was written to before is only its owner's business.
    this.headers.write(replier, full ? [full] : counts.filter(({ key }) => !key.startsWith('email:')));
    if (!full) return taken;
    const reason = `limit_by_${full.key.split(':', 1)[0]}`;
    await this.refusals.record(full, { reason, userId, origin });
    throw new AuthError('rate_limited', { reason, retryAfterSeconds: this.headers.secondsUntil(full.resetsAt) });
  }

  private async giveBack<T>(taken: Taken, answer: T): Promise<T> {
    await this.limiter.giveBack(taken);
    return answer;
  }

  private async leave(taken: Taken, thrown: unknown): Promise<never> {
    const { code, isCharged } = toAuthError(thrown);
    if (NOT_COUNTED.has(code) && !isCharged) await this.limiter.giveBack(taken);
    throw thrown;
  }

  private limitsFor(
    { most, windowSeconds }: RateLimitRule,
    handler: string,
    asked: Asked,
    caller: Caller,
  ): RateLimit[] {
    const limits = this.options.of(limitOptions);
    return COARSE_FIRST.flatMap((subject) => {
      const allowed = most[subject];
      if (allowed === undefined) return [];
      const limit = typeof allowed === 'function' ? allowed(limits) : allowed;
      const window = { limit, windowSeconds: windowSeconds ?? limits.loginWindowSeconds };
      if (subject === 'ip') return this.keys.clientLimits(`ip:${handler}`, caller, window);
      const id = this.idOf(subject, asked);
      return id === undefined ? [] : [{ ...window, key: `${subject}:${handler}:${id}` }];
    });
  }

  private idOf(subject: Exclude<LimitSubject, 'ip'>, { auth, input }: Asked): string | undefined {
    if (subject === 'user') return auth?.user.id;
    if (subject === 'session') return auth && ticketIdOf(auth);
    const { email } = (input ?? {}) as { email?: unknown };
    return typeof email === 'string' ? this.keys.email(email) : undefined;
  }
}
