import { ApiProperty } from '@nestjs/swagger';
import { UserReply } from '../sessions/session.replies.js';
import type { RenewReply } from './wire.js';

export class FollowerReply implements RenewReply {
  @ApiProperty({ description: 'Number of the latest revocation that there is.', type: 'integer', example: 4711 })
  head!: number;
}

class LookedUpCredential {
  @ApiProperty({ description: 'Id of the key, or of the token.', example: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f' })
  id!: string;

  @ApiProperty({ description: 'As its owner called it.', type: 'string', nullable: true, example: 'nightly export' })
  name!: string | null;
}

class LookedUpClient {
  @ApiProperty({ description: 'Id of the application.', example: 'billing' })
  id!: string;

  @ApiProperty({ description: "Whether it is the operator's own.", example: false })
  firstParty!: boolean;
}

/** A ticket that holds. */
export class AcceptedReply {
  @ApiProperty({ enum: [true], description: 'The ticket holds.' })
  accepted!: true;

  @ApiProperty({ description: 'Whether a user logged in, or a machine acts for one.', enum: ['session', 'credential'] })
  by!: 'session' | 'credential';

  @ApiProperty({ description: 'Strategy that judged it.', example: 'jwt' })
  strategy!: string;

  @ApiProperty({ description: 'The user behind it.', type: UserReply })
  user!: UserReply;

  @ApiProperty({
    description: 'The session behind an access token, as in `GET /auth/me`. Absent for machines.',
    type: 'object',
    additionalProperties: true,
    selfRequired: false,
    example: { id: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11', strategy: 'jwt', expiresIn: 604800 },
  })
  session?: object;

  @ApiProperty({
    description: 'Credential of a machine. Absent for sessions.',
    type: LookedUpCredential,
    required: false,
  })
  credential?: LookedUpCredential;

  @ApiProperty({
    description: 'What a machine may do. Absent for sessions, which need no scopes.',
    type: [String],
    required: false,
    example: ['orders:read'],
  })
  scopes?: readonly string[];

  @ApiProperty({ description: 'The application that acts for the user.', type: LookedUpClient, required: false })
  client?: LookedUpClient;

  @ApiProperty({
    description:
      'What the holder must also possess to use the ticket (RFC 7800): `jkt` (DPoP), `x5t#S256` (mTLS). The asking service must have it proven. Absent: any holder may use the ticket.',
    type: 'object',
    additionalProperties: { type: 'string' },
    selfRequired: false,
    example: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' },
  })
  cnf?: object;

  @ApiProperty({
    description: 'A revocation of any of these, or of `all:sessions`, makes the answer void.',
    type: [String],
    example: ['session:3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11', 'user:01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f'],
  })
  subjects!: readonly string[];

  @ApiProperty({ description: 'Whether the answer may be kept. `false`: it is good for one request.', example: true })
  keep!: boolean;

  @ApiProperty({ description: 'How long it may be kept, counted from before it was asked for.', example: 900 })
  goodForSeconds!: number;

  @ApiProperty({ description: 'Counts the changes of the user.', type: 'integer', example: 3 })
  revision!: number;
}

/** A ticket that does not hold. */
export class RefusedReply {
  @ApiProperty({ enum: [false], description: 'The ticket does not hold.' })
  accepted!: false;

  @ApiProperty({
    description: 'What to answer.',
    enum: ['unauthenticated', 'token_expired', 'session_ended', 'forbidden'],
  })
  code!: 'unauthenticated' | 'token_expired' | 'session_ended' | 'forbidden';
}
