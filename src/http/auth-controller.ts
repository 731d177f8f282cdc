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
import { DeadlineInterceptor } from './deadline.interceptor.js';
import { JsonBodyGuard } from './json-body.guard.js';
import { NoStoreInterceptor } from './no-store.interceptor.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';
import { StrictValidationPipe } from './validation.pipe.js';

/** Marks the routes of Coatcheck itself, whose public ones need protection from other sites too (login CSRF). */
export const AUTH_ROUTES = 'coatcheck:auth-routes';

/**
 * A controller of ours in anybody's application: whatever pipes, filters and parsers the host has, these routes validate
 * strictly, take JSON only, answer errors as problem details and are never cached.
 */
export function AuthController(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    Controller(path),
    SetMetadata(AUTH_ROUTES, true),
    UseGuards(JsonBodyGuard),
    UseInterceptors(DeadlineInterceptor, NoStoreInterceptor),
    UsePipes(StrictValidationPipe),
    UseFilters(ProblemDetailsFilter),
    (target: object) => Reflect.defineMetadata(SWAGGER_KEYS.tags, [tag], target),
  );
}
