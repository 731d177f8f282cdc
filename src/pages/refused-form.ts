import { AuthError } from '../kernel/auth-error.js';
import type { PageView } from './page-view.js';

/**
 * A refusal that is shown on the page of the form. Thrown rather than returned, so that whatever counts refusals sees one: a form that
 * was filled in wrongly costs nothing under a limit.
 */
export class RefusedForm extends AuthError {
  constructor(
    { code, reason, errors, proof, isCharged, retryAfterSeconds, cause }: AuthError,
    readonly view: PageView,
  ) {
    super(code, { reason, errors, proof, isCharged, retryAfterSeconds, cause } as ConstructorParameters<
      typeof AuthError
    >[1]);
  }
}

/** The rule that a field has broken, and the number in it, if any: `{ rule: 'tooShort', limit: 8 }`. Null: none. */
export function brokenRule(error: AuthError, field: string): { readonly rule: string; readonly limit: number } | null {
  const broken = (error.errors ?? []).find((one) => one.field === field);
  if (!broken) return null;
  const limit = /\d+/.exec(broken.message.slice(field.length))?.[0] ?? '0';
  return { rule: broken.rule, limit: Number(limit) };
}
