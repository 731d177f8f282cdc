import {
  applyDecorators,
  Controller,
  SetMetadata,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from '@nestjs/common';
import { Strategies } from '../access/route-decorators.js';
import type { Options } from '../config/options.js';
import { SWAGGER_KEYS } from '../http/api-docs.js';
import { AUTH_ROUTES } from '../http/coatcheck-route.js';
import { DeadlineInterceptor } from '../http/deadline.interceptor.js';
import { MOUNTED_BELOW, MOUNTED_IF, type MountedIf } from '../http/mounting.js';
import { FormBodyGuard } from './form-body.guard.js';
import { PageInterceptor } from './page.interceptor.js';
import { PAGE_AREA } from './page-controller-metadata.js';
import { PageErrorFilter } from './page-error.filter.js';
import { PageValidationPipe } from './page-validation.pipe.js';
import { isServed, type PageArea, pagesOptions } from './pages-options.js';

/**
 * Marks a controller of pages. Its handlers return a `PageView` or a `SeeOther`; a POST takes forms of our own pages only, validated as
 * strictly as JSON bodies; errors are pages, or lead to the one that helps. Not in the API document.
 *
 * @param path below `PAGES_PATH`, without a slash before it
 * @param area whose navigation it has, and by which `PAGES` decides whether it is served
 * @param mountedIf a further condition for its being served
 */
export function PageController(path: string, area: PageArea, mountedIf?: MountedIf): ClassDecorator {
  const isMounted = (options: Options) => isServed(area, options) && (mountedIf?.(options) ?? true);
  return applyDecorators(
    Controller(path),
    SetMetadata(AUTH_ROUTES, true),
    SetMetadata(PAGE_AREA, area),
    SetMetadata(MOUNTED_IF, isMounted),
    SetMetadata(MOUNTED_BELOW, (options: Options) => options.of(pagesOptions).pagesPath),
    SetMetadata(SWAGGER_KEYS.exclude, [true]),
    Strategies('session'),
    UseGuards(FormBodyGuard),
    UseInterceptors(PageInterceptor, DeadlineInterceptor),
    UsePipes(PageValidationPipe),
    UseFilters(PageErrorFilter),
  );
}
