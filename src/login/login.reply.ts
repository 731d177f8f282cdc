import { Field } from '../http/api-docs.js';
import { SessionReply, UserReply } from '../sessions/session.replies.js';
import type { Login } from './login.service.js';

/** How tokens may travel. */
export const TRANSPORTS = ['body', 'cookie', 'split'] as const;

/** A finished login in a reply. */
export class LoginReply {
  @Field({ description: 'The login is complete.', enum: ['authenticated'], example: 'authenticated' })
  status!: 'authenticated';

  @Field({ description: 'Who logged in.', type: UserReply })
  user!: UserReply;

  @Field({ description: 'What the login left behind.', type: SessionReply })
  session!: SessionReply;

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

  static of({ user, session, tickets }: Login): LoginReply {
    return {
      status: 'authenticated',
      user: UserReply.of(user),
      session: SessionReply.of(session, session.id),
      ...tickets,
    };
  }
}
