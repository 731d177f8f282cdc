import { Injectable } from '@nestjs/common';
import { Options } from '../config/options.js';
import type { RecognisedAuth } from '../kernel/auth-context.js';
import { accessOptions } from './access-options.js';
import { ScopePolicy } from './scope-policy.js';

const NONE: readonly string[] = Object.freeze([]);

/**
 * Computes the permissions of a caller from their roles, by `ROLE_PERMISSIONS`. Computed from what the node knows of a user: asks no store.
 */
@Injectable()
export class RolePermissions {
  private readonly ofRole: ReadonlyMap<string, readonly string[]>;
  /** Sessions in a node's view share their lists of roles. */
  private readonly ofRoles = new WeakMap<readonly string[], readonly string[]>();

  constructor(
    private readonly scopePolicy: ScopePolicy,
    options: Options,
  ) {
    this.ofRole = new Map(Object.entries(options.of(accessOptions).rolePermissions));
  }

  /** A machine has those of its user's that are among its scopes, and that its user may hand to machines. */
  of(auth: RecognisedAuth): readonly string[] {
    const ofUser = this.ofAny(auth.user.roles);
    if (auth.by === 'session' || ofUser.length === 0) return ofUser;
    const { user, scopes } = auth;
    return ofUser.filter((one) => scopes.includes(one) && this.scopePolicy.mayHold(user, one));
  }

  private ofAny(roles: readonly string[]): readonly string[] {
    if (this.ofRole.size === 0 || roles.length === 0) return NONE;
    const known = this.ofRoles.get(roles);
    if (known) return known;
    const permitted = new Set(roles.flatMap((role) => this.ofRole.get(role) ?? NONE));
    const sorted = Object.freeze([...permitted].sort());
    this.ofRoles.set(roles, sorted);
    return sorted;
  }
}
