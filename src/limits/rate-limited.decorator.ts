import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { describeAnew, RATE_LIMITED } from '../http/api-docs.js';
import { RateLimitInterceptor } from './rate-limit.interceptor.js';
import type { RateLimitRule } from './rate-limit-rule.js';

/**
 * Limits how often a handler may be called, and adds `RateLimit-*` headers; beyond the limit the reply is 429 with `Retry-After`. Counted
 * by the handler, however its path was spelled; a request that was malformed, or that we could not serve, does not count.
 *
 * @example
 * @RateLimited({ most: { ip: 100, user: 20 } })
 */
export function RateLimited(rule: RateLimitRule): MethodDecorator {
  return applyDecorators(
    SetMetadata(RATE_LIMITED, rule),
    UseInterceptors(RateLimitInterceptor),
    (_target: object, _key?: string | symbol, descriptor?: PropertyDescriptor) => describeAnew(descriptor?.value),
  );
}
