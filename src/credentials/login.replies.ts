import { ApiProperty } from '@nestjs/swagger';
import type { Exchange } from '../access/replier.js';
import type { AuthSession, Transport } from '../kernel/auth-context.js';
import { SessionReply, UserReply } from '../sessions/session.replies.js';
import type { DeliveredTickets, Login } from '../sessions/ticket-delivery.js';

/** How tokens may travel. */
export const TRANSPORTS = ['body', 'cookie', 'split'] as const;

/** Tokens in a reply. */
export class TicketsReply {
  @ApiProperty({
    description: 'Only with jwt, unless the transport is `cookie`.',
    required: false,
    example: 'eyJhbGciOiJFUzI1NiIs...',
  })
  accessToken?: string;

  @ApiProperty({ description: 'Only with an access token.', required: false, enum: ['Bearer'] })
  tokenType?: 'Bearer';

  @ApiProperty({
    description: 'Only with jwt, with any transport: seconds until the access token expires.',
    type: 'integer',
    required: false,
    example: 900,
  })
  expiresIn?: number;

  @ApiProperty({
    description: 'Only with jwt, with any transport: seconds until an unused refresh token expires.',
    type: 'integer',
    required: false,
    example: 604800,
  })
  refreshExpiresIn?: number;

  @ApiProperty({ description: 'Only with jwt and transport `body`.', required: false })
  refreshToken?: string;
}

/** A finished login in a reply. */
export class LoginReply extends TicketsReply {
  @ApiProperty({ description: 'The login is complete.', enum: ['authenticated'], example: 'authenticated' })
  status!: 'authenticated';

  @ApiProperty({ description: 'The user who logged in.', type: UserReply })
  user!: UserReply;

  @ApiProperty({ description: 'The new session.', type: SessionReply })
  session!: SessionReply;

  @ApiProperty({
    description:
      'Only with transport `body`: send it with the next login, which then comes from a known device. It gives no access.',
    required: false,
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

/**
 * The reply after a change of credentials: 200 with the new tokens if a transport was named that has any in the body; else 204, and new
 * tickets, if any, are in cookies.
 */
export function replyWithTickets(
  tickets: DeliveredTickets,
  transport: Transport | undefined,
  { replier }: Pick<Exchange, 'replier'>,
): TicketsReply | undefined {
  const hasBody = transport !== undefined && tickets.accessToken !== undefined;
  replier.status(hasBody ? 200 : 204);
  return hasBody ? tickets : undefined;
}
