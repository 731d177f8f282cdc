import type { JsonWebKey } from 'node:crypto';
import type { AuditEvent } from '../audit/audit-sink.js';
import { AuthError } from '../kernel/auth-error.js';

export const JWT_ALGORITHMS = ['ES256', 'RS256', 'EdDSA', 'HS256'] as const;

/** RFC 7518 §3.1, RFC 8037 §3.1 (Ed25519 only). */
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

/** A published key, RFC 7517 §4. */
export type PublicJwk = JsonWebKey & { readonly kid: string; readonly alg: JwtAlgorithm; readonly use: 'sig' };

/**
 * A key ready for use: it signs and verifies synchronously on this thread, for the asynchronous kind would wait behind the
 * password hashes in libuv's pool. One key knows one algorithm, whatever a token says.
 */
export interface SigningKey {
  /** Names the key in a token's header. */
  readonly kid: string;
  readonly algorithm: JwtAlgorithm;
  /** Null for a secret key: there is nothing to publish. */
  readonly publicJwk: PublicJwk | null;
  sign(input: string): Buffer;
  /** False for a signature of a wrong length or form too. */
  verify(input: string, signature: Buffer): boolean;
}

/** Who rotates, for the audit. */
export type KeyRotator = Pick<AuditEvent, 'actorId' | 'origin'>;

/**
 * Source of the keys that sign access tokens, ID tokens and logout tokens. Default: the table `signing_keys`, private parts encrypted under the operator's secret key.
 * Replace it to bring keys of your own.
 *
 * @example
 * class MountedKeys extends SigningKeys {
 *   private readonly keys = [signingKey('2026-11', 'ES256', JSON.parse(readFileSync('/run/keys/es256.jwk', 'utf8')))];
 *   current() { return this.keys[0]!; }
 *   accepted() { return this.keys; }
 * }
 * AuthModule.forRoot({ ..., providers: [{ provide: SigningKeys, useClass: MountedKeys }] })
 */
export abstract class SigningKeys {
  /** The key that signs access tokens now; one of {@link accepted}. Asked once the application has started. */
  abstract current(): SigningKey;

  /** The keys that sign now, one of each algorithm that is in use; {@link current} is the first. Of hosts' own it is the only one. */
  signing(): readonly SigningKey[] {
    return [this.current()];
  }

  /**
   * Public parts of keys that sign no more: those whose tokens are still good, and those by which what they signed is
   * known again for as long as a session may live. Never of one that was withdrawn. The same array as before as long as nothing has changed.
   */
  retired(): readonly PublicJwk[] {
    const signing = this.signing();
    return this.accepted().flatMap((key) => (signing.includes(key) ? [] : (key.publicJwk ?? [])));
  }

  /**
   * The keys whose tokens are good, and that are published; none while no strategy signs. The same array as before
   * as long as nothing has changed.
   */
  abstract accepted(): readonly SigningKey[];

  /**
   * Makes {@link accepted} hold whatever another node has added before this call. A token by a key that is not known here asks
   * for it, so that none is refused right after a rotation. Keys that are never added need do nothing.
   */
  async refresh(): Promise<void> {}

  /**
   * Null when {@link accepted} holds no key that was taken away before this call; else it does when the promise resolves. Asked
   * at every request with an access token. Keys that are never withdrawn are always certain.
   */
  certain(): Promise<unknown> | null {
    return null;
  }

  /**
   * Puts new keys in the place of those that sign, whose tokens stay good for their life.
   *
   * @throws AuthError `conflict` where keys are not Coatcheck's to make
   */
  async rotate(_by: KeyRotator): Promise<void> {
    throw new AuthError('conflict', { reason: 'keys_are_the_hosts' });
  }

  /**
   * For the day when a key may have leaked: puts new keys in the place of all others. When this returns, no node accepts any token of
   * theirs.
   *
   * @throws AuthError `conflict` where keys are not Coatcheck's to make
   */
  async withdraw(_by: KeyRotator): Promise<void> {
    throw new AuthError('conflict', { reason: 'keys_are_the_hosts' });
  }
}
