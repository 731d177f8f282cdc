import { ApiProperty } from '@nestjs/swagger';
import { NEXT_CURSOR } from '../../http/page-query.js';
import type { PasskeyRecord } from './passkey.store.js';

/** One passkey, as its user sees it. */
export class PasskeyReply {
  @ApiProperty({
    description: 'Id of the passkey in these routes.',
    format: 'uuid',
    example: '0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11',
  })
  id!: string;

  @ApiProperty({ description: 'Name that the user chose.', example: 'Chrome on Android' })
  name!: string;

  @ApiProperty({
    description:
      '`singleDevice`: the passkey stays on one device, such as a security key. `multiDevice`: it may be copied to other devices of its user.',
    enum: ['singleDevice', 'multiDevice'],
  })
  deviceType!: 'singleDevice' | 'multiDevice';

  @ApiProperty({ description: 'Whether the passkey was copied to other devices, when last used.', example: true })
  backedUp!: boolean;

  @ApiProperty({
    description: 'How the browser reaches the authenticator.',
    type: [String],
    example: ['hybrid', 'internal'],
  })
  transports!: string[];

  @ApiProperty({
    description: 'Model of the authenticator; all zeros if unknown.',
    format: 'uuid',
    example: '00000000-0000-0000-0000-000000000000',
  })
  aaguid!: string;

  @ApiProperty({
    description:
      'Whether the browser created it by itself after a login (`mediation: "conditional"`): then no login asks for it as a second factor, and it satisfies no policy.',
    example: false,
  })
  automatic!: boolean;

  @ApiProperty({
    description: 'Time of registration.',
    format: 'date-time',
    type: 'string',
    example: '2026-11-21T09:00:00.000Z',
  })
  createdAt!: string;

  @ApiProperty({
    description: 'Time of the last use; null: never.',
    format: 'date-time',
    type: 'string',
    nullable: true,
    example: '2026-11-21T09:00:00.000Z',
  })
  lastUsedAt!: string | null;

  static of(passkey: PasskeyRecord): PasskeyReply {
    const { id, name, backedUp, backupEligible, transports, aaguid, automatic, createdAt, lastUsedAt } = passkey;
    return {
      id,
      name,
      deviceType: backupEligible ? 'multiDevice' : 'singleDevice',
      backedUp,
      transports: [...transports],
      aaguid,
      automatic,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    };
  }
}

/** A passkey just registered, and the session's new tokens if they were asked for. */
export class RegisteredPasskeyReply extends PasskeyReply {
  @ApiProperty({
    description: 'Access token of the current session; only with jwt, and only if the tokens do not travel in cookies.',
    required: false,
    example: 'eyJhbGciOiJFUzI1NiIs...',
  })
  accessToken?: string;

  @ApiProperty({ description: 'Only with an access token.', required: false, enum: ['Bearer'] })
  tokenType?: 'Bearer';

  @ApiProperty({
    description: 'Seconds until the access token expires.',
    type: 'integer',
    required: false,
    example: 900,
  })
  expiresIn?: number;

  @ApiProperty({
    description: 'Only with jwt: seconds until an unused refresh token expires.',
    type: 'integer',
    required: false,
    example: 604800,
  })
  refreshExpiresIn?: number;

  @ApiProperty({ description: 'Only with transport `body`.', required: false })
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

  @ApiProperty({ description: 'Always `public-key`.', enum: ['public-key'] })
  type!: 'public-key';

  @ApiProperty({
    description: 'How the browser may reach the authenticator.',
    type: [String],
    example: ['hybrid', 'internal'],
  })
  transports!: readonly string[];
}

class RelyingPartyReply {
  @ApiProperty({ description: 'Domain that the passkey will belong to.', example: 'example.com' })
  id!: string;

  @ApiProperty({ description: 'Name of the service, shown to the user.', example: 'example.com' })
  name!: string;
}

class PasskeyUserReply {
  @ApiProperty({
    description: 'Opaque id of the user, base64url, stored in the passkey.',
    example: 'AZLwwWwOfQulpw9PK48fEQ',
  })
  id!: string;

  @ApiProperty({ description: 'E-mail address, shown to the user.', example: 'ada@example.com' })
  name!: string;

  @ApiProperty({ description: 'Display name of the user.', example: 'Ada' })
  displayName!: string;
}

class CredentialParameterReply {
  @ApiProperty({ description: 'Always `public-key`.', enum: ['public-key'] })
  type!: 'public-key';

  @ApiProperty({ description: 'COSE algorithm.', type: 'integer', example: -7 })
  alg!: number;
}

class AuthenticatorSelectionReply {
  @ApiProperty({
    description: 'Whether the passkey must be discoverable without a list of credentials.',
    enum: ['preferred', 'required'],
  })
  residentKey!: 'preferred' | 'required';

  @ApiProperty({ description: 'The same for older browsers.', example: false })
  requireResidentKey!: boolean;

  @ApiProperty({
    description: 'Whether the passkey must verify its user (PIN, fingerprint).',
    enum: ['preferred', 'required'],
  })
  userVerification!: 'preferred' | 'required';
}

/** `PublicKeyCredentialCreationOptionsJSON`, WebAuthn Level 3 §5.1.9. */
export class CreationOptionsReply {
  @ApiProperty({
    description: 'Random challenge, base64url. Works once, for this session.',
    example: 'c2l4dGVlbiBieXRlcyBhdCBsZWFzdA',
  })
  challenge!: string;

  @ApiProperty({ description: 'This service.', type: RelyingPartyReply })
  rp!: RelyingPartyReply;

  @ApiProperty({ description: 'The current user.', type: PasskeyUserReply })
  user!: PasskeyUserReply;

  @ApiProperty({ description: 'Accepted algorithms, the preferred first.', type: [CredentialParameterReply] })
  pubKeyCredParams!: CredentialParameterReply[];

  @ApiProperty({ description: 'Time limit in milliseconds.', type: 'integer', example: 300_000 })
  timeout!: number;

  @ApiProperty({ description: 'Always `none`: the authenticator need not prove its model.', enum: ['none'] })
  attestation!: 'none';

  @ApiProperty({ description: 'Passkeys that the user already has.', type: [CredentialDescriptorReply] })
  excludeCredentials!: CredentialDescriptorReply[];

  @ApiProperty({ description: 'Requirements for the authenticator.', type: AuthenticatorSelectionReply })
  authenticatorSelection!: AuthenticatorSelectionReply;
}

/** `PublicKeyCredentialRequestOptionsJSON`, WebAuthn Level 3 §5.1.10. */
export class RequestOptionsReply {
  @ApiProperty({ description: 'Random challenge, base64url. Works once.', example: 'c2l4dGVlbiBieXRlcyBhdCBsZWFzdA' })
  challenge!: string;

  @ApiProperty({ description: 'Domain that the passkeys belong to.', example: 'example.com' })
  rpId!: string;

  @ApiProperty({ description: 'Time limit in milliseconds.', type: 'integer', example: 300_000 })
  timeout!: number;

  @ApiProperty({
    description: 'Whether the passkey must verify its user (PIN, fingerprint).',
    enum: ['preferred', 'required'],
  })
  userVerification!: 'preferred' | 'required';

  @ApiProperty({
    description: 'Accepted passkeys. Empty: any passkey of this domain.',
    type: [CredentialDescriptorReply],
  })
  allowCredentials!: CredentialDescriptorReply[];
}
