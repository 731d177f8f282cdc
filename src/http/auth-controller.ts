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
import { MOUNTED_IF, type MountedIf } from './mounting.js';
import { NoStoreInterceptor } from './no-store.interceptor.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';
import { ReplyInterceptor } from './reply.interceptor.js';
import { StrictValidationPipe } from './validation.pipe.js';

/**
 * Marks a controller as Coatcheck's own. Whatever pipes, interceptors, filters, serializers and parsers the host application has, its
 * routes validate strictly, take JSON only, answer errors as problem details and are never cached.
 *
 * @param path below `auth` or `admin`, which the options `authPath` and `adminPath` may rename
 * @param mountedIf whether its handlers are routes at all, by the options. Default: they are
 */
export function AuthController(path: string, tag: string, mountedIf?: MountedIf): ClassDecorator {
  return applyDecorators(
    Controller(path),
    SetMetadata(AUTH_ROUTES, true),
    SetMetadata(MOUNTED_IF, mountedIf),
    UseGuards(JsonBodyGuard),
    UseInterceptors(ReplyInterceptor, DeadlineInterceptor, NoStoreInterceptor),
    UsePipes(StrictValidationPipe),
    UseFilters(ProblemDetailsFilter),
    (target: object) => Reflect.defineMetadata(SWAGGER_KEYS.tags, [tag], target),
  );
}
