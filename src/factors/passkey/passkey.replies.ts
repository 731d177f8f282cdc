import { Field } from '../../http/api-docs.js';
import { NEXT_CURSOR } from '../../http/page-query.js';
import type { PasskeyRecord } from './passkey.store.js';

/** One passkey, as its user sees it. */
export class PasskeyReply {
  @Field({ description: 'Names it in these routes.', format: 'uuid', example: '0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11' })
  id!: string;

  @Field({ description: 'As its user calls it.', example: 'Chrome on Android' })
  name!: string;

  @Field({
    description: 'Whether it stays on one device, such as a security key, or may be copied to others of its user.',
    enum: ['singleDevice', 'multiDevice'],
  })
  deviceType!: 'singleDevice' | 'multiDevice';

  @Field({ description: 'Whether it was copied, when last seen.', example: true })
  backedUp!: boolean;

  @Field({ description: 'How it is reached.', type: ['string'], example: ['hybrid', 'internal'] })
  transports!: string[];

  @Field({
    description: 'The make of its authenticator; all zero when that is not told.',
    format: 'uuid',
    example: '00000000-0000-0000-0000-000000000000',
  })
  aaguid!: string;

  @Field({
    description: 'When it was registered.',
    format: 'date-time',
    type: 'string',
    example: '2026-11-21T09:00:00.000Z',
  })
  createdAt!: string;

  @Field({
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
  @Field({
    description: 'Of the session that goes on: with jwt, unless its tickets travel in cookies.',
    optional: true,
    example: 'eyJhbGciOiJFUzI1NiIs...',
  })
  accessToken?: string;

  @Field({ description: 'With an access token.', optional: true, enum: ['Bearer'] })
  tokenType?: 'Bearer';

  @Field({ description: 'Seconds until the access token expires.', type: 'integer', optional: true, example: 900 })
  expiresIn?: number;

  @Field({
    description: 'With jwt: seconds until the refresh token expires if it is not used.',
    type: 'integer',
    optional: true,
    example: 604800,
  })
  refreshExpiresIn?: number;

  @Field({ description: 'With transport body.', optional: true })
  refreshToken?: string;
}

export class PasskeysReply {
  @Field({ description: 'The oldest first.', type: [PasskeyReply] })
  passkeys!: PasskeyReply[];

  @Field(NEXT_CURSOR)
  nextCursor!: string | null;
}

export class CredentialDescriptorReply {
  @Field({ description: 'Base64url.', example: 'nB1Yk0C5xS2mZkq0hJrj2Q' })
  id!: string;

  @Field({ description: 'The only type there is.', enum: ['public-key'] })
  type!: 'public-key';

  @Field({ description: 'How the authenticator may be reached.', type: ['string'], example: ['hybrid', 'internal'] })
  transports!: readonly string[];
}

class RelyingPartyReply {
  @Field({ description: 'The domain that the passkey will belong to.', example: 'example.com' })
  id!: string;

  @Field({ description: 'For people.', example: 'example.com' })
  name!: string;
}

class PasskeyUserReply {
  @Field({ description: 'Opaque, base64url: what a passkey tells of its user.', example: 'AZLwwWwOfQulpw9PK48fEQ' })
  id!: string;

  @Field({ description: 'The e-mail address, for people to choose by.', example: 'ada@example.com' })
  name!: string;

  @Field({ description: 'What the user is called.', example: 'Ada' })
  displayName!: string;
}

class CredentialParameterReply {
  @Field({ description: 'The only type there is.', enum: ['public-key'] })
  type!: 'public-key';

  @Field({ description: 'COSE algorithm.', type: 'integer', example: -7 })
  alg!: number;
}

class AuthenticatorSelectionReply {
  @Field({ description: 'Whether it shall be found without a list of credentials.', enum: ['preferred'] })
  residentKey!: 'preferred';

  @Field({ description: 'The same for older browsers.', example: false })
  requireResidentKey!: boolean;

  @Field({ description: 'Whether it shall verify its user.', enum: ['preferred', 'required'] })
  userVerification!: 'preferred' | 'required';
}

/** `PublicKeyCredentialCreationOptionsJSON`, WebAuthn Level 3 §5.1.9. */
export class CreationOptionsReply {
  @Field({ description: 'Good once, for this session. Base64url.', example: 'c2l4dGVlbiBieXRlcyBhdCBsZWFzdA' })
  challenge!: string;

  @Field({ description: 'This service.', type: RelyingPartyReply })
  rp!: RelyingPartyReply;

  @Field({ description: 'The user who is logged in.', type: PasskeyUserReply })
  user!: PasskeyUserReply;

  @Field({ description: 'Algorithms, the preferred first.', type: [CredentialParameterReply] })
  pubKeyCredParams!: CredentialParameterReply[];

  @Field({ description: 'Milliseconds.', type: 'integer', example: 300_000 })
  timeout!: number;

  @Field({ description: 'Which authenticator it is, nobody needs to prove.', enum: ['none'] })
  attestation!: 'none';

  @Field({ description: 'Passkeys that there are already.', type: [CredentialDescriptorReply] })
  excludeCredentials!: CredentialDescriptorReply[];

  @Field({ description: 'Which authenticators will do.', type: AuthenticatorSelectionReply })
  authenticatorSelection!: AuthenticatorSelectionReply;
}

/** `PublicKeyCredentialRequestOptionsJSON`, WebAuthn Level 3 §5.1.10. */
export class RequestOptionsReply {
  @Field({ description: 'Good once. Base64url.', example: 'c2l4dGVlbiBieXRlcyBhdCBsZWFzdA' })
  challenge!: string;

  @Field({ description: 'The domain that the passkeys belong to.', example: 'example.com' })
  rpId!: string;

  @Field({ description: 'Milliseconds.', type: 'integer', example: 300_000 })
  timeout!: number;

  @Field({ description: 'Whether the passkey must verify its user.', enum: ['preferred', 'required'] })
  userVerification!: 'preferred' | 'required';

  @Field({ description: 'Which passkeys will do; empty: any for this domain.', type: [CredentialDescriptorReply] })
  allowCredentials!: CredentialDescriptorReply[];
}
