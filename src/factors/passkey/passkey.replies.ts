import { ApiProperty } from '@nestjs/swagger';
import { NEXT_CURSOR } from '../../http/page-query.js';
import type { PasskeyRecord } from './passkey.store.js';

/** One passkey, as its user sees it. */
export class PasskeyReply {
  @ApiProperty({
    description: 'Names it in these routes.',
    format: 'uuid',
    example: '0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11',
  })
  id!: string;

  @ApiProperty({ description: 'As its user calls it.', example: 'Chrome on Android' })
  name!: string;

  @ApiProperty({
    description: 'Whether it stays on one device, such as a security key, or may be copied to others of its user.',
    enum: ['singleDevice', 'multiDevice'],
  })
  deviceType!: 'singleDevice' | 'multiDevice';

  @ApiProperty({ description: 'Whether it was copied, when last seen.', example: true })
  backedUp!: boolean;

  @ApiProperty({ description: 'How it is reached.', type: [String], example: ['hybrid', 'internal'] })
  transports!: string[];

  @ApiProperty({
    description: 'The make of its authenticator; all zero when that is not told.',
    format: 'uuid',
    example: '00000000-0000-0000-0000-000000000000',
  })
  aaguid!: string;

  @ApiProperty({
    description: 'When it was registered.',
    format: 'date-time',
    type: 'string',
    example: '2026-11-21T09:00:00.000Z',
  })
  createdAt!: string;

  @ApiProperty({
    description: 'When it was last used; null: never.',
    format: 'date-time',
    type: 'string',
    nullable: true,
    example: '2026-11-21T09:00:00.000Z',
  })
  lastUsedAt!: string | null;

  static of(passkey: PasskeyRecord): PasskeyReply {
    const { id, name, backedUp, backupEligible, transports, aaguid, createdAt, lastUsedAt } = passkey;
    return {
      id,
      name,
      deviceType: backupEligible ? 'multiDevice' : 'singleDevice',
      backedUp,
      transports: [...transports],
      aaguid,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    };
  }
}

/** A passkey just registered, and the session's new tokens if they were asked for. */
export class RegisteredPasskeyReply extends PasskeyReply {
  @ApiProperty({
    description: 'Of the session that goes on: with jwt, unless its tickets travel in cookies.',
    required: false,
    example: 'eyJhbGciOiJFUzI1NiIs...',
  })
  accessToken?: string;

  @ApiProperty({ description: 'With an access token.', required: false, enum: ['Bearer'] })
  tokenType?: 'Bearer';

  @ApiProperty({
    description: 'Seconds until the access token expires.',
    type: 'integer',
    required: false,
    example: 900,
  })
  expiresIn?: number;

  @ApiProperty({
    description: 'With jwt: seconds until the refresh token expires if it is not used.',
    type: 'integer',
    required: false,
    example: 604800,
  })
  refreshExpiresIn?: number;

  @ApiProperty({ description: 'With transport body.', required: false })
  refreshToken?: string;
}

export class PasskeysReply {
  @ApiProperty({ description: 'The oldest first.', type: [PasskeyReply] })
  passkeys!: PasskeyReply[];

  @ApiProperty(NEXT_CURSOR)
  nextCursor!: string | null;
}

export class CredentialDescriptorReply {
  @ApiProperty({ description: 'Base64url.', example: 'nB1Yk0C5xS2mZkq0hJrj2Q' })
  id!: string;

  @ApiProperty({ description: 'The only type there is.', enum: ['public-key'] })
  type!: 'public-key';

  @ApiProperty({
    description: 'How the authenticator may be reached.',
    type: [String],
    example: ['hybrid', 'internal'],
  })
  transports!: readonly string[];
}

class RelyingPartyReply {
  @ApiProperty({ description: 'The domain that the passkey will belong to.', example: 'example.com' })
  id!: string;

  @ApiProperty({ description: 'For people.', example: 'example.com' })
  name!: string;
}

class PasskeyUserReply {
  @ApiProperty({
    description: 'Opaque, base64url: what a passkey tells of its user.',
    example: 'AZLwwWwOfQulpw9PK48fEQ',
  })
  id!: string;

  @ApiProperty({ description: 'The e-mail address, for people to choose by.', example: 'ada@example.com' })
  name!: string;

  @ApiProperty({ description: 'What the user is called.', example: 'Ada' })
  displayName!: string;
}

class CredentialParameterReply {
  @ApiProperty({ description: 'The only type there is.', enum: ['public-key'] })
  type!: 'public-key';

  @ApiProperty({ description: 'COSE algorithm.', type: 'integer', example: -7 })
  alg!: number;
}

class AuthenticatorSelectionReply {
  @ApiProperty({ description: 'Whether it shall be found without a list of credentials.', enum: ['preferred'] })
  residentKey!: 'preferred';

  @ApiProperty({ description: 'The same for older browsers.', example: false })
  requireResidentKey!: boolean;

  @ApiProperty({ description: 'Whether it shall verify its user.', enum: ['preferred', 'required'] })
  userVerification!: 'preferred' | 'required';
}

/** `PublicKeyCredentialCreationOptionsJSON`, WebAuthn Level 3 §5.1.9. */
export class CreationOptionsReply {
  @ApiProperty({ description: 'Good once, for this session. Base64url.', example: 'c2l4dGVlbiBieXRlcyBhdCBsZWFzdA' })
  challenge!: string;

  @ApiProperty({ description: 'This service.', type: RelyingPartyReply })
  rp!: RelyingPartyReply;

  @ApiProperty({ description: 'The user who is logged in.', type: PasskeyUserReply })
  user!: PasskeyUserReply;

  @ApiProperty({ description: 'Algorithms, the preferred first.', type: [CredentialParameterReply] })
  pubKeyCredParams!: CredentialParameterReply[];

  @ApiProperty({ description: 'Milliseconds.', type: 'integer', example: 300_000 })
  timeout!: number;

  @ApiProperty({ description: 'Which authenticator it is, nobody needs to prove.', enum: ['none'] })
  attestation!: 'none';

  @ApiProperty({ description: 'Passkeys that there are already.', type: [CredentialDescriptorReply] })
  excludeCredentials!: CredentialDescriptorReply[];

  @ApiProperty({ description: 'Which authenticators will do.', type: AuthenticatorSelectionReply })
  authenticatorSelection!: AuthenticatorSelectionReply;
}

/** `PublicKeyCredentialRequestOptionsJSON`, WebAuthn Level 3 §5.1.10. */
export class RequestOptionsReply {
  @ApiProperty({ description: 'Good once. Base64url.', example: 'c2l4dGVlbiBieXRlcyBhdCBsZWFzdA' })
  challenge!: string;

  @ApiProperty({ description: 'The domain that the passkeys belong to.', example: 'example.com' })
  rpId!: string;

  @ApiProperty({ description: 'Milliseconds.', type: 'integer', example: 300_000 })
  timeout!: number;

  @ApiProperty({ description: 'Whether the passkey must verify its user.', enum: ['preferred', 'required'] })
  userVerification!: 'preferred' | 'required';

  @ApiProperty({
    description: 'Which passkeys will do; empty: any for this domain.',
    type: [CredentialDescriptorReply],
  })
  allowCredentials!: CredentialDescriptorReply[];
}
