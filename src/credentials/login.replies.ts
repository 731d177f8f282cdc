import { Field } from '../http/api-docs.js';
import type { AuthSession } from '../kernel/auth-context.js';
import { SessionReply, UserReply } from '../sessions/session.replies.js';
import type { Login } from '../sessions/ticket-delivery.js';

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

  @Field({
    description: 'With jwt, whatever the transport: seconds until the access token expires.',
    type: 'integer',
    optional: true,
    example: 900,
  })
  expiresIn?: number;

  @Field({
    description: 'With jwt, whatever the transport: seconds until the refresh token expires if it is not used.',
    type: 'integer',
    optional: true,
    example: 604800,
  })
  refreshExpiresIn?: number;

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

  @Field({
    description:
      'With transport body: to be sent at the next login, which then comes from a known device. Opens nothing.',
    optional: true,
    example: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...',
  })
  deviceToken?: string;

  static of({ status, user, session, tickets, deviceToken }: Login): LoginReply {
    const device = deviceToken === undefined ? {} : { deviceToken };
    return { status, user: UserReply.of(user), session: startedSession(session), ...tickets, ...device };
  }
}

/** A session in a reply, at the moment it was created. */
export function startedSession(session: AuthSession): SessionReply {
  return SessionReply.of(session, session.id, session.createdAt);
}
