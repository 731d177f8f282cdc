import { ApiProperty } from '@nestjs/swagger';
import { AUTH_ERRORS, type AuthError, type AuthErrorCode, type FieldError, type StepUp } from '../kernel/auth-error.js';

class ProblemField {
  @ApiProperty({ description: 'Dotted path of the invalid field.', example: 'email' })
  field!: string;

  @ApiProperty({ description: 'Name of the violated rule.', example: 'isEmailAddress' })
  rule!: string;

  @ApiProperty({ description: 'Explanation for people.', example: 'email must be an e-mail address' })
  message!: string;
}

class StepUpField {
  @ApiProperty({ description: 'Maximum age of the last proof of identity, in seconds.', type: 'integer', example: 300 })
  maxAgeSeconds!: number;

  @ApiProperty({
    description: 'Authentication methods that must all have been used, RFC 8176.',
    type: [String],
    example: ['pwd'],
  })
  amr!: readonly string[];
}

/** The body of every error, RFC 9457. */
export class ProblemDetails {
  @ApiProperty({ description: 'Stable URN of the code.', example: 'urn:coatcheck:problem:unauthenticated' })
  type!: string;

  @ApiProperty({ description: 'Short title for people.', example: 'Not logged in' })
  title!: string;

  @ApiProperty({ description: 'HTTP status.', type: 'integer', example: 401 })
  status!: number;

  @ApiProperty({ description: 'Stable code; clients should act on it only.', enum: Object.keys(AUTH_ERRORS) })
  code!: AuthErrorCode;

  @ApiProperty({ description: 'Explanation for people.', example: AUTH_ERRORS.unauthenticated.detail })
  detail!: string;

  @ApiProperty({ description: 'Id of the request, as in `X-Request-Id` and in the log.' })
  requestId!: string;

  @ApiProperty({ description: 'Invalid fields; only with `validation_failed`.', type: [ProblemField], required: false })
  errors?: readonly FieldError[];

  @ApiProperty({ description: 'Required login; only with `step_up_required`.', type: StepUpField, required: false })
  stepUp?: StepUp;

  /** Only the public half of an error: neither its reason nor its cause. */
  static of(error: Pick<AuthError, 'code' | 'errors' | 'stepUp'>, requestId: string): ProblemDetails {
    const { status, title, detail } = AUTH_ERRORS[error.code];
    const problem: ProblemDetails = {
      type: `urn:coatcheck:problem:${error.code}`,
      title,
      status,
      code: error.code,
      detail,
      requestId,
    };
    if (error.errors) problem.errors = error.errors;
    if (error.stepUp) problem.stepUp = error.stepUp;
    return problem;
  }

  static example(code: AuthErrorCode): ProblemDetails {
    const errors = [{ field: 'email', rule: 'isEmailAddress', message: 'email must be an e-mail address' }];
    return ProblemDetails.of(
      {
        code,
        errors: code === 'validation_failed' ? errors : undefined,
        stepUp: code === 'step_up_required' ? { maxAgeSeconds: 300, amr: ['pwd'] } : undefined,
      },
      'b6f1c7c2-4f0e-4a0e-9d0a-5d8e0a6f4c11',
    );
  }
}
