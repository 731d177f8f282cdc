import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import { CertificateBinding } from '../../access/certificate-binding.js';
import { AuthError } from '../../kernel/auth-error.js';
import { hashSecret } from '../../kernel/secret-token.js';
import type { AccessTokenClaims } from './access-token-claims.js';

type Client = Pick<Caller, 'certificate'>;

/** Tokens that are good only over connections with the certificate they were handed out over. @see RFC 8705 §3, §4 */
@Injectable()
export class TokenBinding {
  constructor(private readonly certificates: CertificateBinding) {}

  /** The certificate that new tokens of this caller are bound to; null: any holder may use them. */
  ofNew(caller: Client): string | null {
    return this.certificates.isOn ? (caller.certificate?.thumbprint ?? null) : null;
  }

  /** Whether the token may be used by this caller. One that is bound stays so, whatever the options say by now. */
  mayUse({ cnf }: AccessTokenClaims, caller: Client): boolean {
    if (cnf === undefined) return true;
    const given = Buffer.from(caller.certificate?.thumbprint ?? '');
    // A confirmation of another kind is one that cannot be given here.
    const wanted = Buffer.from(String(cnf['x5t#S256'] ?? 'none'));
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  /** @throws AuthError `unauthenticated` over a connection with another certificate, or with none */
  assertMayUse(claims: AccessTokenClaims, caller: Client): void {
    if (!this.mayUse(claims, caller))
      throw new AuthError('unauthenticated', { reason: 'token_of_another_certificate' });
  }

  /** As what the refresh token of this secret may be known: as bound to the certificate at hand, or as unbound. */
  candidates(secret: string, caller: Client): readonly RefreshCandidate[] {
    const thumbprint = caller.certificate?.thumbprint ?? null;
    const unbound = { thumbprint: null, tokenHash: hashSecret(secret) };
    return thumbprint === null ? [unbound] : [{ thumbprint, tokenHash: boundHash(secret, thumbprint) }, unbound];
  }
}

/** A way in which a refresh token may have been stored. */
export interface RefreshCandidate {
  readonly thumbprint: string | null;
  readonly tokenHash: string;
}

/** The stored hash of a refresh token: with the certificate in it no other can ever match, and no store need know of any. */
export function boundHash(secret: string, thumbprint: string | null): string {
  return hashSecret(thumbprint === null ? secret : `${secret}.${thumbprint}`);
}
