import { validateSync } from 'class-validator';
import { AuthError } from '../../kernel/auth-error.js';
import { RolesRequest } from '../admin-users.requests.js';

/** The roles in a field of a form: names with spaces, commas or lines between them, each once. */
export function rolesIn(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

/** By the rules of the JSON route. @throws AuthError `validation_failed` */
export function assertAreRoles(roles: readonly string[]): void {
  const [broken] = validateSync(Object.assign(new RolesRequest(), { roles }));
  if (!broken) return;
  const [[rule = 'matches', message = ''] = []] = Object.entries(broken.constraints ?? {});
  const errors = [{ field: 'roles', rule, message }];
  throw new AuthError('validation_failed', { reason: 'no_roles', errors });
}
