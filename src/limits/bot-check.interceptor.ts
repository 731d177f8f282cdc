import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  Logger,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, type Observable, switchMap } from 'rxjs';
import { Callers } from '../access/caller.js';
import { Options } from '../config/options.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { AuthError } from '../kernel/auth-error.js';
import { inTimeOrAborted } from '../kernel/in-time.js';
import { BotCheck, type BotCheckedRoute, NoBotCheck } from './bot-check.js';
import { limitOptions } from './limit-options.js';

const ROUTE = 'coatcheck:bot-checked';
const HEADER = 'x-captcha-token';
const FIELD = 'captchaToken';
/** Those of the known services have less than two thousand. */
const MOST_CHARACTERS = 8192;

/** Asks {@link BotCheck} before a handler, and before its body is validated. */
@Injectable()
export class BotCheckInterceptor implements NestInterceptor {
  private readonly logger = new Logger('limits');
  private readonly milliseconds: number;
  private readonly failsOpen: boolean;

  constructor(
    private readonly reflector: Reflector,
    private readonly check: BotCheck,
    private readonly callers: Callers,
    options: Options,
  ) {
    const { botCheckSeconds, botCheckFailOpen } = options.of(limitOptions);
    this.milliseconds = botCheckSeconds * 1000;
    this.failsOpen = botCheckFailOpen;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.check instanceof NoBotCheck) return next.handle();
    const route = this.reflector.get<BotCheckedRoute>(ROUTE, context.getHandler());
    const request = context.switchToHttp().getRequest<HttpRequest>();
    return from(this.assertPasses(route, request)).pipe(switchMap(() => next.handle()));
  }

  /** @throws AuthError `validation_failed`; `unavailable` when it cannot be told, unless that counts as passed */
  private async assertPasses(route: BotCheckedRoute, request: HttpRequest): Promise<void> {
    const token = takeToken(request);
    const origin = this.callers.read(request);
    const passes = await inTimeOrAborted(
      // One that throws at once has no answer either, and what is no boolean says nothing.
      async (signal) => this.check.passes({ route, token, origin }, signal),
      this.milliseconds,
    ).catch((error) => this.unknown(error));
    if (passes === true) return;
    const message = `${FIELD} must be a fresh token of the bot check`;
    const errors = [{ field: FIELD, rule: 'botCheck', message }];
    throw new AuthError('validation_failed', { reason: 'bot_check_refused', errors });
  }

  private unknown(error: unknown): boolean {
    this.logger.warn(`the bot check failed: ${error instanceof Error ? error.name : 'unknown error'}`);
    if (this.failsOpen) return true;
    throw new AuthError('unavailable', { reason: 'bot_check_failed' });
  }
}

/** Has `BotCheck` asked before the route. Stands above `@RateLimited`, which is to come first. */
export function BotChecked(route: BotCheckedRoute): MethodDecorator {
  return applyDecorators(SetMetadata(ROUTE, route), UseInterceptors(BotCheckInterceptor));
}

/** The token, which is taken out of the body: it is no field of the route. */
function takeToken({ headers, body }: HttpRequest): string | null {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const inBody = Object.hasOwn(fields, FIELD) ? fields[FIELD] : undefined;
  delete fields[FIELD];
  const token = headers[HEADER] ?? inBody;
  return typeof token === 'string' && token !== '' && token.length <= MOST_CHARACTERS ? token : null;
}
