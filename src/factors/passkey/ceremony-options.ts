import { Injectable } from '@nestjs/common';
import { Options } from '../../config/options.js';
import type { CreationOptionsReply, CredentialDescriptorReply, RequestOptionsReply } from './passkey.replies.js';
import type { PasskeyRecord } from './passkey.store.js';
import { PasskeyChallenges } from './passkey-challenges.js';
import { type PasskeyOptions, passkeyOptions, type RelyingPartySettings, relyingPartyFrom } from './passkey-options.js';
import { OFFERED_ALGORITHMS } from './registration-ceremony.js';
import { userHandleOf } from './user-handle.js';

/** Parameters of a request for an assertion. */
export interface AssertionRequestParams {
  readonly challenge: string;
  readonly allowed: readonly CredentialDescriptorReply[];
  readonly mustVerifyUser: boolean;
}

/** Makes the options that browsers pass to WebAuthn, Level 3 §5.4 and §5.5. */
@Injectable()
export class CeremonyOptions {
  private readonly settings: Readonly<PasskeyOptions>;
  private readonly party: RelyingPartySettings;

  constructor(
    private readonly challenges: PasskeyChallenges,
    options: Options,
  ) {
    this.settings = options.of(passkeyOptions);
    this.party = relyingPartyFrom(options);
  }

  /**
   * @param passkeys the user's, none of which shall be made again on the same device
   * @param purpose `upgrade`: the browser asks the user nothing, and keeps the passkey itself
   */
  async toCreate(
    user: { readonly id: string; readonly email: string; readonly name: string | null },
    holder: string,
    passkeys: readonly PasskeyRecord[],
    purpose: 'registration' | 'upgrade' = 'registration',
  ): Promise<CreationOptionsReply> {
    const isUpgrade = purpose === 'upgrade';
    return {
      challenge: await this.challenges.issue(purpose, holder),
      rp: { id: this.party.rpId, name: this.party.rpName },
      user: { id: userHandleOf(user.id), name: user.email, displayName: user.name ?? user.email },
      pubKeyCredParams: OFFERED_ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      timeout: this.timeout,
      attestation: 'none',
      excludeCredentials: passkeys.map(descriptorOf),
      authenticatorSelection: {
        // A key that keeps nothing can still be a second factor.
        residentKey: isUpgrade ? 'required' : 'preferred',
        requireResidentKey: isUpgrade,
        userVerification: this.settings.webauthnUserVerification,
      },
    };
  }

  toRequest({ challenge, allowed, mustVerifyUser }: AssertionRequestParams): RequestOptionsReply {
    return {
      challenge,
      rpId: this.party.rpId,
      timeout: this.timeout,
      userVerification: mustVerifyUser ? 'required' : this.settings.webauthnUserVerification,
      allowCredentials: [...allowed],
    };
  }

  private get timeout(): number {
    return this.settings.webauthnChallengeSeconds * 1000;
  }
}

export function descriptorOf({ credentialId, transports }: PasskeyRecord): CredentialDescriptorReply {
  return { id: credentialId, type: 'public-key', transports: [...transports] };
}
