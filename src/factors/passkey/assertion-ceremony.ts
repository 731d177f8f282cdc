import { generateKeyPairSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  type AuthenticationResponseJSON,
  type VerifiedAuthenticationResponse,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server';
import { NIL } from 'uuid';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { pageProblem, readClientData } from './client-data.js';
import { type CredentialJson, fromBase64url } from './credential-json.js';
import { type PasskeyRecord, PasskeyStore } from './passkey.store.js';
import { type ChallengePurpose, PasskeyChallenges } from './passkey-challenges.js';
import { passkeyOptions, relyingPartyFrom } from './passkey-options.js';
import { userHandleOf, userIdOf } from './user-handle.js';

/** Which assertion is wanted. */
export interface WantedAssertion {
  readonly purpose: ChallengePurpose;
  /** As the challenge was issued for. */
  readonly holder: string;
  /** Whose passkey it must be; null: the assertion itself says, and must. */
  readonly userId: string | null;
  /** Whether a PIN, a fingerprint or the like must have been part of it. */
  readonly mustVerifyUser: boolean;
  /** Whether the challenge was made for the client that sends it; absent: the holder says so. */
  readonly isMadeHere?: (challenge: unknown) => boolean;
}

/** A passkey that was used, and whether it verified its user. */
export interface UsedPasskey {
  readonly passkey: PasskeyRecord;
  readonly userVerified: boolean;
}

type Found = VerifiedAuthenticationResponse['authenticationInfo'];

/** WebAuthn Level 3 §7.2: verifying an assertion. */
@Injectable()
export class AssertionCeremony {
  private readonly page: { type: string; origins: readonly string[]; topOrigins: readonly string[] };
  private readonly rpId: string;
  private readonly decoy = decoyPasskey();

  constructor(
    private readonly challenges: PasskeyChallenges,
    private readonly passkeys: PasskeyStore,
    private readonly clock: Clock,
    options: Options,
  ) {
    const { rpId, origins } = relyingPartyFrom(options);
    this.page = { type: 'webauthn.get', origins, topOrigins: options.of(passkeyOptions).webauthnTopOrigins };
    this.rpId = rpId;
  }

  /**
   * Judges an assertion and notes the use of the passkey. Its challenge is used up, whatever comes of it.
   *
   * @throws AuthError `invalid_credentials`, at the cost of a signature's check also when the user has no such passkey
   */
  async verifyAssertion(credential: CredentialJson, wanted: WantedAssertion): Promise<UsedPasskey> {
    const clientData = readClientData(credential.response.clientDataJSON);
    if (!clientData) throw refused('client_data_malformed');
    if (!(await this.challenges.consume(clientData.challenge, wanted.purpose, wanted.holder)))
      throw refused('challenge_unknown_or_spent');
    if (wanted.isMadeHere?.(clientData.challenge) === false) throw refused('challenge_of_another_browser');
    const problem = pageProblem(clientData, this.page);
    if (problem) throw refused(problem);
    const passkey = (await this.claimed(credential, wanted)) ?? this.decoy;
    const meantUserId = passkey === this.decoy ? undefined : passkey.userId;
    const found = await this.verified(credential, passkey, clientData.challenge as string, wanted);
    const other = differs(credential, passkey, found);
    if (other) throw refused(other, { userId: meantUserId });
    const { newCounter: signatureCount, credentialBackedUp: backedUp } = found;
    const use = { signatureCount, backedUp, backupEligible: isEligible(found), at: this.clock.now() };
    // It must have risen, unless it never does: or there is a copy of the key (Level 3 §6.1.1), and no telling which is the original.
    if (!(await this.passkeys.recordUse(passkey.id, use))) throw refused('counter_not_risen', { userId: meantUserId });
    return { passkey: { ...passkey, ...use, lastUsedAt: use.at }, userVerified: found.userVerified };
  }

  /** Id of the user who has brought this passkey from another system; null: none has. Nothing is proven by it. */
  async ownerOfImported({ id }: CredentialJson): Promise<string | null> {
    return fromBase64url(id) ? ((await this.passkeys.findImported(id))?.userId ?? null) : null;
  }

  /**
   * Among the passkeys of the user it must be, or whom the assertion names: two users may have one id, and each logs in as themselves.
   *
   * @throws AuthError `invalid_credentials` when neither says whose it is
   */
  private async claimed({ id, response }: CredentialJson, { userId }: WantedAssertion): Promise<PasskeyRecord | null> {
    if (userId === null && !response.userHandle) throw refused('user_handle_missing');
    const owner = userId ?? userIdOf(response.userHandle!);
    // Nothing but base64url reaches the store: PostgreSQL takes no NUL in a text.
    return owner !== null && fromBase64url(id) ? this.passkeys.findOf(owner, id) : null;
  }

  private async verified(
    credential: CredentialJson,
    { credentialId, publicKey, userId }: PasskeyRecord,
    challenge: string,
    { mustVerifyUser }: WantedAssertion,
  ): Promise<Found> {
    const meantUserId = userId === NIL ? undefined : userId;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: credential as unknown as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: [...this.page.origins],
      expectedTopOrigin: [...this.page.topOrigins],
      expectedRPID: this.rpId,
      requireUserVerification: mustVerifyUser,
      // The counter is judged by the statement that writes it, once the signature is known to be right.
      credential: { id: credentialId, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 },
    }).catch((cause: unknown) => {
      throw refused('ceremony_refused', { cause, userId: meantUserId });
    });
    if (!verified) throw refused('signature_wrong', { userId: meantUserId });
    return authenticationInfo;
  }
}

/** The point in which the signed data contradict the stored passkey; null: none. */
function differs({ response }: CredentialJson, passkey: PasskeyRecord, found: Found): string | null {
  const handle = response.userHandle || null;
  // Of an imported one it is unknown.
  if (!passkey.imported && handle !== null && handle !== userHandleOf(passkey.userId)) return 'other_user_handle';
  if (passkey.imported && passkey.lastUsedAt === null) return null;
  return isEligible(found) === passkey.backupEligible ? null : 'backup_eligibility_changed';
}

function isEligible({ credentialDeviceType }: Found): boolean {
  return credentialDeviceType === 'multiDevice';
}

/** A passkey that no user has: its key is made here, and its private half thrown away. */
function decoyPasskey(): PasskeyRecord {
  const { x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const coordinate = (text: string | undefined) => Buffer.from(text!, 'base64url').toString('hex');
  // COSE_Key (RFC 9052 §7): { kty: EC2, alg: ES256, crv: P-256, x, y }.
  const publicKey = Buffer.from(`a5010203262001215820${coordinate(x)}225820${coordinate(y)}`, 'hex');
  return {
    id: NIL,
    userId: NIL,
    credentialId: '',
    publicKey: publicKey.toString('base64url'),
    signatureCount: 0,
    transports: [],
    aaguid: NIL,
    backupEligible: true,
    backedUp: true,
    automatic: false,
    imported: false,
    name: '',
    createdAt: new Date(0),
    lastUsedAt: null,
  };
}

/** @param meant whose passkey it is, for the audit */
function refused(reason: string, meant: { cause?: unknown; userId?: string | undefined } = {}): AuthError {
  return new AuthError('invalid_credentials', { reason: `passkey_${reason}`, ...meant });
}
