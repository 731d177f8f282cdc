import { Field } from '../http/api-docs.js';
import { SessionReply, UserReply } from '../sessions/session.replies.js';
import type { Login, LoginResult } from './login-steps.js';

/** How tokens may travel. */
export const TRANSPORTS = ['body', 'cookie', 'split'] as const;

/** Tokens in a reply. */
export class TicketsReply {
  @Field({
    description: 'With jwt, unless the transport is cookie.',
    optional: true,
    example: 'eyJhbGciOiJFUzI1NiIs...',
  })
  accessToken?: string;

  @Field({ description: 'With an access token.', optional: true, enum: ['Bearer'] })
  tokenType?: 'Bearer';

  @Field({ description: 'Seconds until the access token expires.', type: 'integer', optional: true, example: 900 })
  expiresIn?: number;

  @Field({ description: 'With jwt and transport body.', optional: true })
  refreshToken?: string;
}

/** A finished login in a reply. */
export class LoginReply extends TicketsReply {
  @Field({ description: 'The login is complete.', enum: ['authenticated'], example: 'authenticated' })
  status!: 'authenticated';

  @Field({ description: 'Who logged in.', type: UserReply })
  user!: UserReply;

  @Field({ description: 'What the login left behind.', type: SessionReply })
  session!: SessionReply;

  static of({ status, user, session, tickets }: Login): LoginReply {
    return { status, user: UserReply.of(user), session: SessionReply.of(session, session.id), ...tickets };
  }
}

/** A login that goes on, in a reply: nothing about its user. */
export class FactorRequiredReply {
  @Field({ description: 'One more proof is due.', enum: ['factor_required'], example: 'factor_required' })
  status!: 'factor_required';

  @Field({ description: 'Opens nothing but `POST /auth/login/factor`, in the same browser, once.', example: 'kJ0...' })
  loginToken!: string;

  @Field({ description: 'One of these.', type: ['string'], example: ['totp', 'recovery_code'] })
  factors!: readonly string[];

  @Field({ description: 'Seconds until the login must begin anew.', type: 'integer', example: 300 })
  expiresIn!: number;
}

/** A login of a user who must enrol a factor first, in a reply. */
export class EnrolmentRequiredReply extends TicketsReply {
  @Field({
    description: 'The session is good for enrolling a factor and nothing else; after that it is a full one.',
    enum: ['enrolment_required'],
    example: 'enrolment_required',
  })
  status!: 'enrolment_required';

  @Field({ description: 'One of these.', type: ['string'], example: ['totp'] })
  factors!: readonly string[];
}

/** What a step of a login may answer. */
export const LOGIN_REPLIES = [LoginReply, FactorRequiredReply, EnrolmentRequiredReply] as const;

/** A step of a login in a reply. */
export function loginReply(result: LoginResult): LoginReply | FactorRequiredReply | EnrolmentRequiredReply {
  if (result.status === 'authenticated') return LoginReply.of(result);
  const { status, factors } = result;
  if (status === 'enrolment_required') return { status, factors, ...result.tickets };
  const { loginToken, expiresIn } = result;
  return { status, loginToken, factors, expiresIn };
}
