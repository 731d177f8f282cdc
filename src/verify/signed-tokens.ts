import { compactVerify } from 'jose';
import { canonicalBytes, parsed } from '../keys/jwt-encoding.js';
import { VerifiedTokens } from '../keys/verified-tokens.js';
import type { KeySet } from './key-set.js';
import { claimsIn, type TokenClaims } from './token-claims.js';
import { headerIn, type TokenHeader } from './token-header.js';
import type { VerifyClock } from './verify-clock.js';
import { invalidToken, VerifyError } from './verify-error.js';

/** The service's have less than 1 kB unless there are very many roles. Anything above costs no work at all. */
const MAX_CHARACTERS = 8192;

/** Whose tokens, and for whom, are accepted. Null: not known yet, and the service is asked about each request anyway. */
export interface TokenParties {
  readonly issuers: ReadonlySet<string> | null;
  readonly audiences: ReadonlySet<string> | null;
}

/**
 * Access tokens: their signatures are verified once each, by the published keys; the rest at every request. Whether what they stand for
 * still lives is another question.
 *
 * @see RFC 9068 §4, RFC 8725 §3
 */
export class SignedTokens {
  private readonly verified: VerifiedTokens<TokenClaims>;

  constructor(
    private readonly keys: KeySet,
    private readonly clock: VerifyClock,
    private readonly leewaySeconds: number,
    capacity: number,
  ) {
    this.verified = new VerifiedTokens(capacity);
  }

  /** Tokens verified by keys that may be gone are no longer accepted. */
  forget(): void {
    this.verified.clear();
  }

  /**
   * The claims of a token that is good at this moment, as far as its own text says. Answers without a promise when it was seen before.
   *
   * @throws VerifyError `token_expired`, `unauthenticated`, `unavailable`
   */
  read(token: string, parties: TokenParties): TokenClaims | Promise<TokenClaims> {
    const known = this.keys.certain() === null ? this.verified.get(token) : undefined;
    return known ? this.inTime(known, parties) : this.verify(token).then((claims) => this.inTime(claims, parties));
  }

  private async verify(token: string): Promise<TokenClaims> {
    const header = token.length > MAX_CHARACTERS ? null : headerIn(token);
    if (!header || !isCanonical(token)) throw invalidToken('malformed_access_token');
    for (;;) {
      const { version } = this.keys;
      const claims = await this.check(token, header);
      // Taken away meanwhile: by the keys that there are now.
      if (version !== this.keys.version) continue;
      this.verified.add(token, claims, this.clock.epochSeconds());
      return claims;
    }
  }

  private async check(token: string, header: TokenHeader): Promise<TokenClaims> {
    const key = await this.keys.find(header);
    if (!key && this.keys.isFormer(header))
      throw new VerifyError('token_expired', {
        reason: 'signing_key_withdrawn',
        challenge: { error: 'invalid_token' },
      });
    if (!key) throw invalidToken('unknown_signing_key');
    const { payload } = await compactVerify(token, key, { algorithms: [header.alg] }).catch(() => {
      throw invalidToken('wrong_signature');
    });
    const claims = claimsIn(parsed(Buffer.from(payload).toString('base64url')), header.kind);
    if (!claims) throw invalidToken('unreadable_claims');
    return claims;
  }

  /** Not `iat`: the clock of the node that signed it may be ahead of this one, and the token is no less the service's. */
  private inTime(claims: TokenClaims, { issuers, audiences }: TokenParties): TokenClaims {
    if (issuers !== null && !issuers.has(claims.iss)) throw invalidToken('token_of_another_issuer');
    if (audiences !== null && !claims.audiences.some((one) => audiences.has(one)))
      throw invalidToken('token_for_others');
    const now = this.clock.epochSeconds();
    if (claims.nbf !== null && now < claims.nbf - this.leewaySeconds) throw invalidToken('token_not_yet_valid');
    if (now < claims.exp + this.leewaySeconds) return claims;
    throw new VerifyError('token_expired', { reason: 'token_expired', challenge: { error: 'invalid_token' } });
  }
}

/** Three parts, each in the one spelling of its bytes: one token must not have several texts. */
function isCanonical(token: string): boolean {
  const parts = token.split('.', 4);
  return parts.length === 3 && parts.every((part) => part !== '' && canonicalBytes(part) !== null);
}
