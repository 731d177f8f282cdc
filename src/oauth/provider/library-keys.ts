import { createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { JWK } from 'oidc-provider';
import { type PublicJwk, type SigningKey, SigningKeys } from '../../keys/signing-keys.js';
import type { Library } from './library.js';

/** Signing is several times cheaper than by RS256, and the usual clients verify it. */
const USUAL = 'ES256';

/** Presents our signing keys to the library. Private parts never leave them. */
@Injectable()
export class LibraryKeys {
  constructor(private readonly signingKeys: SigningKeys) {}

  /** See `SigningKeys.certain`. */
  certain(): Promise<unknown> | null {
    return this.signingKeys.certain();
  }

  /** Signs access tokens, and ID tokens of clients that want no other: what others can verify, whichever `JWT_ALGORITHM` is. */
  get algorithm(): string {
    return this.signing.algorithm;
  }

  /** The key of {@link algorithm}. */
  get signing(): SigningKey {
    const published = this.signingKeys.signing().filter(({ publicJwk }) => publicJwk !== null);
    const [first] = published;
    if (!first) throw new TypeError('no signing key has a public part: clients could verify no ID token');
    return published.find(({ algorithm }) => algorithm === USUAL) ?? first;
  }

  /** Names the keys of {@link keySet}: another text when keys have come, gone or retired. */
  get names(): string {
    const kids = (keys: readonly { readonly kid: string }[]) => keys.map(({ kid }) => kid).join(' ');
    return `${kids(this.signingKeys.signing())} | ${kids(this.signingKeys.retired())}`;
  }

  /**
   * The key set of the library: those that sign first, for it signs with the first that fits; then those by which it knows again what was signed
   * before, such as the hint of who logs out.
   */
  keySet({ ExternalSigningKey: Base }: Library): { keys: JWK[] } {
    const signing = this.signingKeys.signing().filter(({ publicJwk }) => publicJwk !== null);
    const known = new Set(signing.map(({ kid }) => kid));
    const retired = this.signingKeys.retired().filter(({ kid }) => !known.has(kid));
    const keys = [
      ...signing.map((key) => externalKey(Base, key.publicJwk!, (input) => key.sign(input))),
      ...retired.map((publicJwk) => externalKey(Base, publicJwk, signsNoMore)),
    ];
    return { keys: keys as unknown as JWK[] };
  }
}

function signsNoMore(): never {
  throw new TypeError('a retired key signs nothing');
}

/** A key of ours as the library's kind that signs elsewhere. */
function externalKey(
  Base: Library['ExternalSigningKey'],
  publicJwk: PublicJwk,
  signWith: (input: string) => Buffer,
): object {
  const publicKey = createPublicKey({ key: publicJwk, format: 'jwk' });
  class OwnKey extends Base {
    override keyObject() {
      return publicKey;
    }

    override async sign(data: Uint8Array) {
      return signWith(Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString());
    }
  }
  return Object.assign(new OwnKey(), { kid: publicJwk.kid, alg: publicJwk.alg });
}
