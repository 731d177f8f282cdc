import { applyDecorators } from '@nestjs/common';
import { NotWhileImpersonating, Roles } from '../access/route-decorators.js';
import type { MountedIf } from '../http/mounting.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';
import { PageController } from './page-controller.js';

/** A controller of pages for admins, in their own name. @param path below `admin/ui` */
export function AdminPage(path: string, mountedIf?: MountedIf): ClassDecorator {
  return applyDecorators(
    PageController(`admin/ui/${path}`, 'admin', mountedIf),
    Roles(ADMIN_ROLE),
    NotWhileImpersonating(),
  );
}
