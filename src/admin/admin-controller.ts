import { applyDecorators } from '@nestjs/common';
import { NotWhileImpersonating, Roles } from '../access/route-decorators.js';
import { AuthController } from '../http/auth-controller.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';

/** A controller whose routes are for admins, in their own name. */
export function AdminController(path: string): ClassDecorator {
  return applyDecorators(AuthController(path, 'Admin'), Roles(ADMIN_ROLE), NotWhileImpersonating());
}
