import { Injectable } from '@nestjs/common';
import { calculateJwkThumbprint, EmbeddedJWK, type JWTPayload, jwtVerify } from 'jose';
import type { Caller } from '../../access/caller.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { hashSecret } from '../../kernel/secret-token.js';
import { DpopReplays } from './dpop-replays.js';
import { LEEWAY_SECONDS } from './oauth-tokens.js';

/** Asymmetric ones only: a shared secret does not prove that the client holds a key. */
export const DPOP_ALGORITHMS = Object.freeze(['ES256', 'EdDSA', 'Ed25519', 'PS256', 'RS256', 'ES384', 'ES512']);

/** A proof is accepted for so long after it was made. RFC 9449 §11.1. */
const WINDOW_SECONDS = 60;
/** Theirs have less than 1 kB, unless their key is of RSA and large. Anything above costs no work. */
const MAX_CHARACTERS = 4096;
const MAX_JTI_CHARACTERS = 256;

/** The part of a request that a proof is about. */
export type Proven = Pick<Caller, 'request' | 'method' | 'path' | 'dpopProof'>;

/** Proofs that a client holds the key which a token is bound to: one each request, good once on each node. @see RFC 9449 §4.3 */
@Injectable()
export class DpopProofs {
  /** A proxy may serve this below a path that it strips. */
  private readonly base: string;
  private readonly replays = new DpopReplays();
  /** One request is judged for each of its resolvers, or of its connection's messages, and has one proof. */
  private readonly ofRequests = new WeakMap<object, { readonly token: string; readonly proven: Promise<void> }>();

  constructor(
    private readonly clock: Clock,
    options: Options,
  ) {
    this.base = options.of(coreOptions).publicUrl.replace(/\/$/, '');
  }

  /**
   * @param token that comes with the proof
   * @param thumbprint of the key it is bound to (`cnf.jkt`)
   * @throws AuthError `unauthenticated` unless the request carries one proof, made for it and for this token by that key, and not sent before
   */
  assertProven(of: Proven, token: string, thumbprint: string): Promise<void> {
    const known = this.ofRequests.get(of.request);
    if (known?.token === token) return known.proven;
    const proven = this.prove(of, token, thumbprint);
    this.ofRequests.set(of.request, { token, proven });
    return proven;
  }

  private async prove({ method, path, dpopProof }: Proven, token: string, thumbprint: string): Promise<void> {
    if (dpopProof === undefined) throw refusal('no_dpop_proof');
    const { payload, key } = await this.read(dpopProof);
    const { htm, htu, ath, iat, jti } = payload;
    if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_CHARACTERS) throw refusal('dpop_jti');
    if (htm !== method) throw refusal('dpop_htm');
    if (addressOf(htu) !== addressOf(`${this.base}${path}`)) throw refusal('dpop_htu');
    if (ath !== hashSecret(token)) throw refusal('dpop_ath');
    if (key !== thumbprint) throw refusal('dpop_key');
    const now = Math.floor(this.clock.now().getTime() / 1000);
    const oldest = now - WINDOW_SECONDS;
    if (!Number.isSafeInteger(iat) || iat! < oldest || iat! > now + LEEWAY_SECONDS) throw refusal('dpop_iat');
    // Last: only what would be accepted is remembered, so that a client without such a token cannot fill the memory.
    if (!this.replays.note(key, jti, iat!, oldest)) throw refusal('dpop_replayed');
  }

  private async read(proof: string): Promise<{ payload: JWTPayload; key: string }> {
    if (proof.length > MAX_CHARACTERS) throw refusal('dpop_too_long');
    try {
      const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
        algorithms: [...DPOP_ALGORITHMS],
        typ: 'dpop+jwt',
        currentDate: this.clock.now(),
      });
      // RFC 9449 §4.3: `EmbeddedJWK` has refused a private key. One without a key is refused there too.
      return { payload, key: await calculateJwkThumbprint(protectedHeader.jwk!) };
    } catch (cause) {
      // Whatever it is, it lies in what was sent: no store is asked.
      throw refusal('dpop_unreadable', cause);
    }
  }
}

/** Without query and fragment, as RFC 3986 §6.2.2 and §6.2.3 compare them; null: none. */
function addressOf(text: unknown): string | null {
  if (typeof text !== 'string' || !URL.canParse(text)) return null;
  const url = new URL(text);
  url.search = '';
  url.hash = '';
  return url.href;
}

function refusal(reason: string, cause?: unknown): AuthError {
  return new AuthError('unauthenticated', { reason, cause, challenge: { error: 'invalid_dpop_proof' } });
}
