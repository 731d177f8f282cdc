import { Catch } from '@nestjs/common';
import { AuthError } from '../kernel/auth-error.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';

/** The same for a host's own routes, but only for what Coatcheck threw (its guard, its services): the rest is the host's. */
@Catch(AuthError)
export class AuthErrorFilter extends ProblemDetailsFilter {}
