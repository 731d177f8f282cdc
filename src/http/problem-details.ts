import { ApiProperty } from '@nestjs/swagger';
import { AUTH_ERRORS, type AuthError, type AuthErrorCode, type FieldError, type StepUp } from '../kernel/auth-error.js';

class ProblemField {
  @ApiProperty({ description: 'Dotted path of the refused field.', example: 'email' })
  field!: string;

  @ApiProperty({ description: 'Name of the violated rule.', example: 'isEmailAddress' })
  rule!: string;

  @ApiProperty({ description: 'For a person.', example: 'email must be an e-mail address' })
  message!: string;
}

class StepUpField {
  @ApiProperty({ description: 'How old the newest proof may be, in seconds.', type: 'integer', example: 300 })
  maxAgeSeconds!: number;

  @ApiProperty({ description: 'What must be among the proofs, RFC 8176.', type: [String], example: ['pwd'] })
  amr!: readonly string[];
}

/** The body of every error, RFC 9457. */
export class ProblemDetails {
  @ApiProperty({ description: 'Stable URN of the code.', example: 'urn:coatcheck:problem:unauthenticated' })
  type!: string;

  @ApiProperty({ description: 'For a person.', example: 'Not logged in' })
  title!: string;

  @ApiProperty({ description: 'The HTTP status.', type: 'integer', example: 401 })
  status!: number;

  @ApiProperty({ description: 'The contract: act on this.', enum: Object.keys(AUTH_ERRORS) })
  code!: AuthErrorCode;

  @ApiProperty({ description: 'For a person.', example: 'This route needs a valid ticket.' })
  detail!: string;

  @ApiProperty({ description: 'As in X-Request-Id and in the log.' })
  requestId!: string;

  @ApiProperty({ description: 'With validation_failed.', type: [ProblemField], required: false })
  errors?: readonly FieldError[];

  @ApiProperty({ description: 'With step_up_required.', type: StepUpField, required: false })
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
