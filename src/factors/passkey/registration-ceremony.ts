import { Injectable } from '@nestjs/common';
import { type RegistrationResponseJSON, verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject, verifySignature } from '@simplewebauthn/server/helpers';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { pageProblem, readClientData } from './client-data.js';
import { type CredentialJson, fromBase64url, MOST_CREDENTIAL_ID_BYTES } from './credential-json.js';
import type { PasskeyRecord } from './passkey.store.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import { passkeyOptions, relyingPartyFrom } from './passkey-options.js';

/** COSE algorithms offered, the preferred first: EdDSA, ES256, RS256. */
export const OFFERED_ALGORITHMS = [-8, -7, -257];

/** Well-formed (ECDSA-Sig-Value, r = s = 1), and right for nothing. */
const NO_SIGNATURE = new Uint8Array([0x30, 6, 2, 1, 1, 2, 1, 1]);

/** The credential that a registration proves; its owner is the user of the session. */
export type NewCredential = Pick<
  PasskeyRecord,
  | 'credentialId'
  | 'publicKey'
  | 'signatureCount'
  | 'transports'
  | 'aaguid'
  | 'backupEligible'
  | 'backedUp'
  | 'automatic'
>;

/** WebAuthn Level 3 §7.1: registering a new credential. */
@Injectable()
export class RegistrationCeremony {
  private readonly page: { type: string; origins: readonly string[]; topOrigins: readonly string[] };
  private readonly rpId: string;
  private readonly mustVerifyUser: boolean;

  constructor(
    private readonly challenges: PasskeyChallenges,
    options: Options,
  ) {
    const { webauthnTopOrigins: topOrigins, webauthnUserVerification } = options.of(passkeyOptions);
    const { rpId, origins } = relyingPartyFrom(options);
    this.page = { type: 'webauthn.create', origins, topOrigins };
    this.rpId = rpId;
    this.mustVerifyUser = webauthnUserVerification === 'required';
  }

  /**
   * Judges a new credential. Its challenge is used up, whatever comes of it.
   *
   * @param holder as the challenge was issued for
   * @throws AuthError `invalid_credentials`
   */
  async verifyRegistration(credential: CredentialJson, holder: string): Promise<NewCredential> {
    const clientData = readClientData(credential.response.clientDataJSON);
    if (!clientData) throw refused('client_data_malformed');
    const automatic = await this.isUpgrade(clientData.challenge, holder);
    const problem = pageProblem(clientData, this.page) ?? attestationProblem(credential);
    if (problem) throw refused(problem);
    return this.verified(credential, clientData.challenge as string, automatic);
  }

  /** Which kind of registration the challenge was issued for. It is used up. */
  private async isUpgrade(challenge: unknown, holder: string): Promise<boolean> {
    if (await this.challenges.consume(challenge, 'registration', holder)) return false;
    if (await this.challenges.consume(challenge, 'upgrade', holder)) return true;
    throw refused('challenge_unknown_or_spent');
  }

  private async verified(credential: CredentialJson, challenge: string, automatic: boolean): Promise<NewCredential> {
    const { verified, registrationInfo: found } = await verifyRegistrationResponse({
      response: credential as unknown as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: [...this.page.origins],
      expectedRPID: this.rpId,
      // The user is asked nothing then: neither flag can be set (Level 3 §7.1, of conditional mediation).
      requireUserPresence: !automatic,
      requireUserVerification: this.mustVerifyUser && !automatic,
      supportedAlgorithmIDs: OFFERED_ALGORITHMS,
    }).catch((cause: unknown) => {
      throw refused('ceremony_refused', cause);
    });
    if (!verified || !found) throw refused('attestation_refused');
    const { id, publicKey, counter } = found.credential;
    // The one that was signed for counts; a browser that names another is mistaken or lies.
    if (id !== credential.id) throw refused('other_credential_id');
    if (Buffer.from(id, 'base64url').length > MOST_CREDENTIAL_ID_BYTES) throw refused('credential_id_too_long');
    if (!(await canVerify(publicKey))) throw refused('public_key_unusable');
    return {
      credentialId: id,
      publicKey: Buffer.from(publicKey).toString('base64url'),
      signatureCount: counter,
      transports: knownTransports(credential.response.transports ?? []),
      aaguid: found.aaguid,
      backupEligible: found.credentialDeviceType === 'multiDevice',
      backedUp: found.credentialBackedUp,
      automatic,
    };
  }
}

/** With no attestation nothing was signed yet, and a key that is none would count as a way in, and as what the policy requires. */
async function canVerify(credentialPublicKey: Uint8Array<ArrayBuffer>): Promise<boolean> {
  try {
    await verifySignature({ signature: NO_SIGNATURE, data: NO_SIGNATURE, credentialPublicKey });
    return true;
  } catch {
    return false;
  }
}

/**
 * We ask for no attestation, and browsers then send `none`, or what the key itself signed. Certificates would have to be
 * looked up in the network, at addresses that the caller chooses.
 */
function attestationProblem({ response }: CredentialJson): string | null {
  try {
    const decoded = decodeAttestationObject(new Uint8Array(fromBase64url(response.attestationObject!)!));
    const [format, statement] = [decoded.get('fmt'), decoded.get('attStmt')];
    if (format === 'none') return null;
    return format === 'packed' && statement.get('x5c') === undefined ? null : 'attestation_not_asked_for';
  } catch {
    return 'attestation_malformed';
  }
}

/** To be told to browsers again: nothing but names, also such as come later, in the order that browsers have them. */
function knownTransports(told: readonly string[]): string[] {
  return [...new Set(told)]
    .filter((transport) => /^[a-z][a-z-]{1,31}$/.test(transport))
    .sort()
    .slice(0, 8);
}

function refused(reason: string, cause?: unknown): AuthError {
  return new AuthError('invalid_credentials', { reason: `passkey_${reason}`, cause });
}
