import type { VerifiedAuth } from './verified-auth.js';
import { VerifyError } from './verify-error.js';

/** The callers that a route lets in. */
export interface VerifyRule {
  /** One of them is needed. Absent: any user. */
  readonly roles?: readonly string[];
  /**
   * Opens the route to machines (API keys and OAuth clients) that hold all of these; `[]` opens it to every one. Absent: it is closed to them. A user
   * who logged in has no scopes and needs none.
   */
  readonly scopes?: readonly string[];
  /** Lets requests without a ticket in as well, without `auth`. One with a ticket that is refused is refused. */
  readonly optional?: boolean;
}

/** @throws VerifyError `forbidden` */
export function assertAllowed(auth: VerifiedAuth, { roles, scopes }: VerifyRule): void {
  if (auth.by === 'credential') assertScopes(auth.scopes, scopes);
  if (!roles || roles.some((role) => auth.user.roles.includes(role))) return;
  throw new VerifyError('forbidden', { reason: 'role_missing' });
}

function assertScopes(held: readonly string[], needed: readonly string[] | undefined): void {
  if (!needed) throw new VerifyError('forbidden', { reason: 'not_for_machines' });
  if (needed.every((scope) => held.includes(scope))) return;
  const challenge = { error: 'insufficient_scope', scopes: needed } as const;
  throw new VerifyError('forbidden', { reason: 'scope_missing', challenge });
}
