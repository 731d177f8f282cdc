import { Injectable } from '@nestjs/common';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { canonicalBytes, parsed } from '../../keys/jwt-encoding.js';
import { type SigningKey, SigningKeys } from '../../keys/signing-keys.js';
import { VerifiedTokens } from '../../keys/verified-tokens.js';
import { type OAuthToken, oauthTokenOf } from './oauth-token.js';
import { headerOf, isOAuthTokenShaped, isOfNamedKey } from './oauth-token-header.js';

/** Ours have less than 1 kB unless there are very many scopes. Anything above costs no work at all. */
const MAX_CHARACTERS = 8192;
/** Clocks kept by NTP differ by milliseconds; five seconds forgive a node that is just being corrected. */
export const LEEWAY_SECONDS = 5;

/**
 * Access tokens that the provider signed for clients: JWTs by RFC 9068. Each is verified once; whether its grant is still in force is
 * another question, and so is whom it is for.
 *
 * @see RFC 9068 §4, RFC 8725 §3
 */
@Injectable()
export class OAuthTokens {
  private readonly issuer: string;
  private keys: readonly SigningKey[] = [];
  private keyOfHeader = new Map<string, SigningKey>();
  /** Of keys that were accepted once, as far as this process remembers. */
  private readonly formerHeaders = new Set<string>();
  private readonly verified = new VerifiedTokens<OAuthToken>();

  constructor(
    private readonly signingKeys: SigningKeys,
    private readonly clock: Clock,
    options: Options,
  ) {
    this.issuer = new URL(options.of(coreOptions).publicUrl).origin;
  }

  /** How many tokens are known by their signature. */
  get size(): number {
    return this.verified.size;
  }

  /**
   * Answers without a promise unless keys have to be asked for: they were taken away, or the token names one that another node made.
   *
   * @throws AuthError `token_expired` past its time or of a withdrawn key, `unauthenticated` for everything else that is wrong, `unavailable`
   */
  verify(token: string): OAuthToken | Promise<OAuthToken> {
    const found = this.read(token);
    return found instanceof Promise ? found.then((later) => this.inTime(token, later)) : this.inTime(token, found);
  }

  /** The token if it is ours and its signature right, also when its time is over; null for any other text. @throws AuthError `unavailable` */
  read(token: string): OAuthToken | null | Promise<OAuthToken | null> {
    if (token.length > MAX_CHARACTERS) return null;
    const asking = this.signingKeys.certain();
    if (asking) return isOAuthTokenShaped(token) ? asking.then(() => this.readNow(token)) : null;
    this.refreshKeys();
    return this.verified.get(token) ?? (isOAuthTokenShaped(token) ? this.readNow(token) : null);
  }

  /** Whether its time is over: from then on no server accepts it. */
  isExpired({ exp }: Pick<OAuthToken, 'exp'>): boolean {
    return this.clock.milliseconds() / 1000 >= exp + LEEWAY_SECONDS;
  }

  private readNow(token: string): OAuthToken | null | Promise<OAuthToken | null> {
    const found = this.readSigned(token);
    const learning = found ? null : this.learnKeyOf(token);
    return learning ? learning.then(() => this.readSigned(token)) : found;
  }

  private inTime(token: string, found: OAuthToken | null): OAuthToken {
    if (!found) throw this.refusalOf(token);
    // Not `iat`: the clock of the node that signed it may be ahead, and the token is no less ours.
    if (found.nbf !== null && this.clock.milliseconds() / 1000 < found.nbf - LEEWAY_SECONDS) {
      throw invalid('oauth_token_not_yet_valid');
    }
    if (!this.isExpired(found)) return found;
    this.verified.delete(token);
    throw new AuthError('token_expired', { reason: 'oauth_token_expired' });
  }

  private readSigned(token: string): OAuthToken | null {
    this.refreshKeys();
    const known = this.verified.get(token);
    if (known) return known;
    const found = this.check(token);
    if (found) this.verified.add(token, found, this.clock.milliseconds() / 1000);
    return found;
  }

  private check(token: string): OAuthToken | null {
    const [header = '', payload = '', signature = '', ...more] = token.split('.', 4);
    // No header is ever obeyed: it is the one that this key writes, or none of ours.
    const key = this.keyOfHeader.get(header);
    const bytes = canonicalBytes(signature);
    if (more.length > 0 || !key || !bytes || !key.verify(`${header}.${payload}`, bytes)) return null;
    return oauthTokenOf(parsed(payload), this.issuer);
  }

  /** Null when there is nothing to ask for: the key is known, or no node could have made it. */
  private learnKeyOf(token: string): Promise<void> | null {
    const header = token.slice(0, token.indexOf('.'));
    if (this.keyOfHeader.has(header) || this.formerHeaders.has(header) || !isOfNamedKey(header)) return null;
    return this.signingKeys.refresh();
  }

  /** Nothing is said about a token of a withdrawn key: it can no longer be verified. */
  private refusalOf(token: string): AuthError {
    const isOfFormerKey = this.formerHeaders.has(token.slice(0, token.indexOf('.')));
    if (isOfFormerKey) return new AuthError('token_expired', { reason: 'signing_key_withdrawn' });
    return invalid('invalid_oauth_token');
  }

  private refreshKeys(): void {
    const keys = this.signingKeys.accepted();
    if (keys === this.keys) return;
    this.keys = keys;
    for (const header of this.keyOfHeader.keys()) this.formerHeaders.add(header);
    // What only this service can verify signs nothing for others.
    const published = keys.filter(({ publicJwk }) => publicJwk !== null);
    for (const key of published) this.formerHeaders.delete(headerOf(key));
    this.keyOfHeader = new Map(published.map((key) => [headerOf(key), key]));
    // What a key has verified that is accepted no more counts no more.
    this.verified.clear();
  }
}

function invalid(reason: string): AuthError {
  return new AuthError('unauthenticated', { reason, challenge: { error: 'invalid_token' } });
}
