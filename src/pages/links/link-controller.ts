import {
  applyDecorators,
  Controller,
  SetMetadata,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { SWAGGER_KEYS } from '../../http/api-docs.js';
import { AUTH_ROUTES } from '../../http/coatcheck-route.js';
import { DeadlineInterceptor } from '../../http/deadline.interceptor.js';
import { MOUNTED_IF, type MountedIf } from '../../http/mounting.js';
import { FormBodyGuard } from '../form-body.guard.js';
import { PageInterceptor } from '../page.interceptor.js';
import { PAGE_AREA } from '../page-controller-metadata.js';
import { PageErrorFilter } from '../page-error.filter.js';
import { PageValidationPipe } from '../page-validation.pipe.js';

/**
 * Marks a controller of pages that mailed links open. Its routes are where the JSON routes of the same path are, whatever `PAGES` says.
 *
 * @param path below `auth`, of the JSON route that takes the token
 * @param tag of the API document, for its GET route; the form routes are not in it
 */
export function LinkController(path: string, tag: string, mountedIf?: MountedIf): ClassDecorator {
  return applyDecorators(
    Controller(path),
    SetMetadata(AUTH_ROUTES, true),
    SetMetadata(PAGE_AREA, 'sign-in'),
    SetMetadata(MOUNTED_IF, mountedIf),
    UseGuards(FormBodyGuard),
    UseInterceptors(PageInterceptor, DeadlineInterceptor),
    UsePipes(PageValidationPipe),
    UseFilters(PageErrorFilter),
    (target: object) => Reflect.defineMetadata(SWAGGER_KEYS.tags, [tag], target),
  );
}
