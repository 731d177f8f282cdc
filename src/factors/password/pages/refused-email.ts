import type { AuthError } from '../../../kernel/auth-error.js';
import type { FormReader } from '../../../pages/form-reader.js';
import { view } from '../../../pages/page-view.js';
import { RefusedForm } from '../../../pages/refused-form.js';

/** The page of a form with one field, for an address, which will not do. Any other error is given back as it is. */
export function refusedEmail(name: string, body: unknown, error: AuthError, forms: FormReader): AuthError {
  if (error.code !== 'validation_failed') return error;
  const wrongEmail = forms.brokenRule(error, 'email');
  if (wrongEmail === null) return error;
  return new RefusedForm(error, view(name, { email: textOf(body, 'email'), wrongEmail }, { status: error.status }));
}

/** What a field of a form was sent with: to be shown again. Empty unless it is one text. */
export function textOf(body: unknown, field: string): string {
  const value = (body as Readonly<Record<string, unknown>> | null | undefined)?.[field];
  return typeof value === 'string' ? value : '';
}
