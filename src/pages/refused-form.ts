import { AuthError } from '../kernel/auth-error.js';
import type { PageView } from './page-view.js';
import type { PageArea } from './pages-options.js';

/**
 * A refusal that is shown on the page of the form. Thrown rather than returned, so that whatever counts refusals sees one: a form that
 * was filled in wrongly costs nothing under a limit.
 */
export class RefusedForm extends AuthError {
  constructor(
    { code, reason, errors, proof, isCharged, retryAfterSeconds, cause }: AuthError,
    readonly view: PageView,
    readonly area: PageArea = 'sign-in',
  ) {
    super(code, { reason, errors, proof, isCharged, retryAfterSeconds, cause } as ConstructorParameters<
      typeof AuthError
    >[1]);
  }
}
