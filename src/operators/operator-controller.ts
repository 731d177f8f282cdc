import { applyDecorators } from '@nestjs/common';
import { NotWhileImpersonating, Roles } from '../access/route-decorators.js';
import { AuthController } from '../http/auth-controller.js';
import { ADMIN_ROLE } from '../kernel/admin-role.js';

/** A controller whose routes are for operators, in their own name. */
export function OperatorController(path: string): ClassDecorator {
  return applyDecorators(AuthController(path, 'Operators'), Roles(ADMIN_ROLE), NotWhileImpersonating());
}
