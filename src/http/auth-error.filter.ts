import { Catch } from '@nestjs/common';
import { AuthError } from '../kernel/auth-error.js';
import { ProblemDetailsFilter } from './problem-details.filter.js';

/** Answers Coatcheck's own errors as problem details on the routes of a host application, and leaves all other errors to the host. */
@Catch(AuthError)
export class AuthErrorFilter extends ProblemDetailsFilter {}
