import { Logger } from '@nestjs/common';
import { ConfigurationError } from '../config/configuration-error.js';
import { generateSigningJwk } from './key-generation.js';
import { unwrapKey, wrapKey } from './key-wrapping.js';
import type { SigningKeyEntity } from './signing-key.entity.js';
import { signingKey } from './signing-key.js';
import type { JwtAlgorithm, SigningKey } from './signing-keys.js';

/** Signing keys as they are stored: their private parts encrypted. */
export class SealedSigningKeys {
  private readonly logger = new Logger('keys');

  /** @param wrappingKeys the first is for new ones */
  constructor(private readonly wrappingKeys: readonly [Buffer, ...Buffer[]]) {}

  async fresh(algorithm: JwtAlgorithm, createdAt: Date): Promise<SigningKeyEntity> {
    const { kid, jwk } = await generateSigningJwk(algorithm);
    const privateJwkEncrypted = await wrapKey(jwk, { kid, alg: algorithm }, this.wrappingKeys[0]);
    return { kid, algorithm, privateJwkEncrypted, createdAt, retiredAt: null };
  }

  /** @throws ConfigurationError when they were encrypted under another key */
  async open(rows: readonly SigningKeyEntity[]): Promise<SigningKey[]> {
    const keys: SigningKey[] = [];
    for (const row of rows) {
      const { kid, algorithm } = row;
      const { jwk } = await this.unwrap(row).catch((error) => {
        this.logger.error(`the signing key ${kid} cannot be decrypted`, error);
        throw wrongSecretKey();
      });
      keys.push(signingKey(kid, algorithm, jwk));
    }
    return keys;
  }

  /** Those that can be opened: what the others signed is not known again, and that is all. */
  async openSome(rows: readonly SigningKeyEntity[]): Promise<SigningKey[]> {
    const opened = await Promise.all(rows.map((row) => this.open([row]).catch(() => [])));
    return opened.flat();
  }

  /** Whether a key of ours decrypts it. */
  async opens(row: SigningKeyEntity): Promise<boolean> {
    return this.unwrap(row).then(
      () => true,
      () => false,
    );
  }

  /** As it is to be stored from now on; null when it is, or cannot be opened. */
  async renewed(row: SigningKeyEntity): Promise<string | null> {
    const opened = await this.unwrap(row).catch(() => null);
    if (!opened?.isOutdated) return null;
    return wrapKey(opened.jwk, { kid: row.kid, alg: row.algorithm }, this.wrappingKeys[0]);
  }

  private async unwrap({ kid, algorithm, privateJwkEncrypted }: SigningKeyEntity) {
    const bound = { kid, alg: algorithm };
    const [current, ...previous] = this.wrappingKeys;
    let failure: unknown;
    for (const key of [current, ...previous]) {
      try {
        return { jwk: await unwrapKey(privateJwkEncrypted, bound, key), isOutdated: key !== current };
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }
}

function wrongSecretKey(): ConfigurationError {
  const problem = 'cannot decrypt the signing keys in the database';
  const remedy =
    'restore the key they were encrypted with, or list it in PREVIOUS_SECRET_KEYS; if it is lost, empty the table signing_keys: clients then refresh their access tokens once';
  return new ConfigurationError([{ option: 'secretKey', problem, remedy }]);
}
