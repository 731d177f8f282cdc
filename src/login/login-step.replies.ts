import { ApiProperty } from '@nestjs/swagger';
import { LoginReply, startedSession, TicketsReply } from '../credentials/login.replies.js';
import { SessionReply } from '../sessions/session.replies.js';
import type { LoginResult } from './login-result.js';

/** A login that goes on, in a reply: nothing about its user. */
export class FactorRequiredReply {
  @ApiProperty({ description: 'A further factor is required.', enum: ['factor_required'], example: 'factor_required' })
  status!: 'factor_required';

  @ApiProperty({
    description: 'Works for `POST /auth/login/factor` only, once, in the same browser.',
    example: 'kJ0...',
  })
  loginToken!: string;

  @ApiProperty({ description: 'Factors of which one is required.', type: [String], example: ['totp', 'recovery_code'] })
  factors!: readonly string[];

  @ApiProperty({ description: 'Seconds until the login must start again.', type: 'integer', example: 300 })
  expiresIn!: number;
}

/** A login of a user who must enrol a factor first, in a reply. */
export class EnrolmentRequiredReply extends TicketsReply {
  @ApiProperty({
    description: 'The session is limited to enrolling a factor. After that it is a full session.',
    enum: ['enrolment_required'],
    example: 'enrolment_required',
  })
  status!: 'enrolment_required';

  @ApiProperty({ description: 'Factors of which one must be enrolled.', type: [String], example: ['totp'] })
  factors!: readonly string[];

  @ApiProperty({ description: 'The session, which is limited to enrolment.', type: SessionReply })
  session!: SessionReply;
}

/** The replies of a step of a login. */
export const LOGIN_REPLIES = [LoginReply, FactorRequiredReply, EnrolmentRequiredReply] as const;

/** A step of a login in a reply. */
export function loginReply(result: LoginResult): LoginReply | FactorRequiredReply | EnrolmentRequiredReply {
  if (result.status === 'authenticated') return LoginReply.of(result);
  const { status, factors } = result;
  if (status === 'enrolment_required')
    return { status, factors, session: startedSession(result.session), ...result.tickets };
  const { loginToken, expiresIn } = result;
  return { status, loginToken, factors, expiresIn };
}
