import {
  applyDecorators,
  Controller,
  SetMetadata,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { SWAGGER_KEYS } from './api-docs.js';
import { AUTH_ROUTES } from './coatcheck-route.js';
import { DeadlineInterceptor } from './deadline.interceptor.js';
import { JsonBodyGuard } from './json-body.guard.js';
import { NoStoreInterceptor } from './no-store.interceptor.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';
import { ReplyInterceptor } from './reply.interceptor.js';
import { StrictValidationPipe } from './validation.pipe.js';

/**
 * A controller of ours in anybody's application: whatever pipes, interceptors, filters, serializers and parsers the host has, these routes
 * validate strictly, take JSON only, answer errors as problem details and are never cached.
 */
export function AuthController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    SetMetadata(AUTH_ROUTES, true),
    UseGuards(JsonBodyGuard),
    UseInterceptors(ReplyInterceptor, DeadlineInterceptor, NoStoreInterceptor),
    UsePipes(StrictValidationPipe),
    UseFilters(ProblemDetailsFilter),
    (target: object) => Reflect.defineMetadata(SWAGGER_KEYS.tags, [tag], target),
  );
}
