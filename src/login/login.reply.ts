import { ApiProperty } from '@nestjs/swagger';
import type { AuthSession } from '../kernel/auth-context.js';
import { SessionReply, UserReply } from '../sessions/session.replies.js';
import type { Login, LoginResult } from './login-steps.js';

/** How tokens may travel. */
export const TRANSPORTS = ['body', 'cookie', 'split'] as const;

/** Tokens in a reply. */
export class TicketsReply {
  @ApiProperty({
    description: 'With jwt, unless the transport is cookie.',
    required: false,
    example: 'eyJhbGciOiJFUzI1NiIs...',
  })
  accessToken?: string;

  @ApiProperty({ description: 'With an access token.', required: false, enum: ['Bearer'] })
  tokenType?: 'Bearer';

  @ApiProperty({
    description: 'With jwt, whatever the transport: seconds until the access token expires.',
    type: 'integer',
    required: false,
    example: 900,
  })
  expiresIn?: number;

  @ApiProperty({
    description: 'With jwt, whatever the transport: seconds until the refresh token expires if it is not used.',
    type: 'integer',
    required: false,
    example: 604800,
  })
  refreshExpiresIn?: number;

  @ApiProperty({ description: 'With jwt and transport body.', required: false })
  refreshToken?: string;
}

/** A finished login in a reply. */
export class LoginReply extends TicketsReply {
  @ApiProperty({ description: 'The login is complete.', enum: ['authenticated'], example: 'authenticated' })
  status!: 'authenticated';

  @ApiProperty({ description: 'Who logged in.', type: UserReply })
  user!: UserReply;

  @ApiProperty({ description: 'What the login left behind.', type: SessionReply })
  session!: SessionReply;

  @ApiProperty({
    description:
      'With transport body: to be sent at the next login, which then comes from a known device. Opens nothing.',
    required: false,
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...',
  })
  deviceToken?: string;

  static of({ status, user, session, tickets, deviceToken }: Login): LoginReply {
    const device = deviceToken === undefined ? {} : { deviceToken };
    return { status, user: UserReply.of(user), session: startedSession(session), ...tickets, ...device };
  }
}

/** A login that goes on, in a reply: nothing about its user. */
export class FactorRequiredReply {
  @ApiProperty({ description: 'One more proof is due.', enum: ['factor_required'], example: 'factor_required' })
  status!: 'factor_required';

  @ApiProperty({
    description: 'Opens nothing but `POST /auth/login/factor`, in the same browser, once.',
    example: 'kJ0...',
  })
  loginToken!: string;

  @ApiProperty({ description: 'One of these.', type: [String], example: ['totp', 'recovery_code'] })
  factors!: readonly string[];

  @ApiProperty({ description: 'Seconds until the login must begin anew.', type: 'integer', example: 300 })
  expiresIn!: number;
}

/** A login of a user who must enrol a factor first, in a reply. */
export class EnrolmentRequiredReply extends TicketsReply {
  @ApiProperty({
    description: 'The session is good for enrolling a factor and nothing else; after that it is a full one.',
    enum: ['enrolment_required'],
    example: 'enrolment_required',
  })
  status!: 'enrolment_required';

  @ApiProperty({ description: 'One of these.', type: [String], example: ['totp'] })
  factors!: readonly string[];

  @ApiProperty({ description: 'The session that is good for enrolling only.', type: SessionReply })
  session!: SessionReply;
}

/** What a step of a login may answer. */
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

/** It was created this moment. */
function startedSession(session: AuthSession): SessionReply {
  return SessionReply.of(session, session.id, session.createdAt);
}
