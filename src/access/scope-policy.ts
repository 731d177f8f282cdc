import { Injectable } from '@nestjs/common';
import type { AuthUser } from '../kernel/auth-context.js';

/**
 * Which scopes a user may hand to machines. Asked when a key is made and again at every request, so what a user loses with a
 * role, their keys have lost as well. The default allows every scope: a route that only some users may call says `@Roles()`.
 *
 * @example
 * class OurScopes extends ScopePolicy {
 *   override mayHold(user: AuthUser, scope: string) {
 *     return scope !== 'orders:write' || user.roles.includes('clerk');
 *   }
 * }
 * AuthModule.forRoot({ ..., providers: [{ provide: ScopePolicy, useClass: OurScopes }] })
 */
@Injectable()
export class ScopePolicy {
  mayHold(_user: AuthUser, _scope: string): boolean {
    return true;
  }
}

/** RFC 6749 §3.3, but for what would have to be quoted somewhere. */
export const SCOPE = /^[A-Za-z0-9][A-Za-z0-9:._/-]{0,63}$/;
