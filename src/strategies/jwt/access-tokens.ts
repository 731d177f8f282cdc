import { randomInt, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Options } from '../../config/options.js';
import type { AuthUser } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { base64url, canonicalBytes, parsed } from '../../keys/jwt-encoding.js';
import { type SigningKey, SigningKeys } from '../../keys/signing-keys.js';
import { VerifiedTokens } from '../../keys/verified-tokens.js';
import type { SessionRecord } from '../../sessions/session.store.js';
import { type AccessTokenClaims, claimsOf } from './access-token-claims.js';
import { jwtOptions, tokenParties } from './jwt-options.js';

/** Ours have less than 1 kB unless there are very many roles. Anything above costs no work at all. */
const MAX_CHARACTERS = 8192;

/** The name of a key in a header: a thumbprint, or random bits, in base64url. */
const KID = /"kid":"([A-Za-z0-9_-]{22,43})"/;

/** By which share of its configured life an access token may live shorter. */
const JITTER = 0.05;

/** The session of a token, as its claims describe it. */
export type TokenSession = Pick<SessionRecord, 'id' | 'authenticatedAt' | 'amr' | 'absoluteExpiresAt'> &
  Partial<Pick<SessionRecord, 'impersonatorId' | 'onlyFor' | 'claims'>>;

/** A fresh access token. */
export interface MintedAccessToken {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/**
 * Access tokens: JWTs by RFC 9068. Synchronous, no store is asked; whether the session still lives is another question.
 *
 * @see RFC 9068 §4, RFC 8725 §3
 */
@Injectable()
export class AccessTokens {
  private readonly lifeSeconds: number;
  private readonly leewaySeconds: number;
  private readonly issuer: string;
  private readonly audience: string;
  private readonly ours: ReadonlySet<string>;
  private keys: readonly SigningKey[] = [];
  private keyOfHeader = new Map<string, SigningKey>();
  /** Of keys that were accepted once, as far as this process remembers. */
  private readonly formerHeaders = new Set<string>();
  private readonly verified = new VerifiedTokens<AccessTokenClaims>();
  /** Claims of verified tokens that were not presented here yet. */
  private readonly unused = new WeakSet<AccessTokenClaims>();

  constructor(
    private readonly signingKeys: SigningKeys,
    private readonly clock: Clock,
    options: Options,
  ) {
    const { accessTokenSeconds, jwtLeewaySeconds } = options.of(jwtOptions);
    this.lifeSeconds = accessTokenSeconds;
    this.leewaySeconds = jwtLeewaySeconds;
    ({ issuer: this.issuer, audience: this.audience } = tokenParties(options));
    this.ours = new Set([this.audience, limited(this.audience, 'enrolment')]);
  }

  /**
   * Never outlives the session's absolute deadline: others may verify it by the published key, and know no session. Lives up to 5 %
   * shorter than configured: those who logged in together do not all refresh together.
   *
   * @param thumbprint of the certificate it is bound to; null: none
   * @param isRenewed whether it follows another of its session: then its first use on this node is one, see {@link isFirstUse}
   */
  mint(
    user: Pick<AuthUser, 'id' | 'roles' | 'revision'>,
    session: TokenSession,
    thumbprint: string | null = null,
    isRenewed = false,
  ): MintedAccessToken {
    const iat = toSeconds(this.clock.now());
    const exp = Math.min(iat + this.someLife(), toSeconds(session.absoluteExpiresAt));
    const claims = {
      // First: none of ours can be said by another.
      ...session.claims,
      iss: this.issuer,
      aud: this.audienceFor(session),
      sub: user.id,
      sid: session.id,
      iat,
      exp,
      jti: randomUUID(),
      // RFC 9068 §2.2 demands it; there are no clients to tell apart, so it is whom the token is for.
      client_id: this.audience,
      auth_time: toSeconds(session.authenticatedAt),
      amr: session.amr,
      roles: user.roles,
      ver: user.revision,
      // RFC 8693 §4.1: who acts as the subject.
      ...(session.impersonatorId && { act: { sub: session.impersonatorId } }),
      // RFC 8705 §3.1.
      ...(thumbprint && { cnf: { 'x5t#S256': thumbprint } }),
    };
    this.refreshKeys();
    const key = this.signingKeys.current();
    const payload = JSON.stringify(claims);
    const signed = `${headerOf(key)}.${base64url(payload)}`;
    const token = `${signed}.${key.sign(signed).toString('base64url')}`;
    // What was signed here need not be verified here.
    if (token.length <= MAX_CHARACTERS) {
      const minted: AccessTokenClaims = JSON.parse(payload);
      if (isRenewed) this.unused.add(minted);
      this.verified.add(token, minted, iat);
    }
    return { token, expiresIn: Math.max(exp - iat, 0) };
  }

  /**
   * @param claims as {@link readSigned} has them
   * @throws AuthError `token_expired` past its time, `unauthenticated` for everything else that is wrong. Whether its session
   *   lives has not been checked
   */
  verify(token: string, claims = this.readSigned(token)): AccessTokenClaims {
    if (!claims) throw this.refusalOf(token);
    const now = this.clock.milliseconds() / 1000;
    // Not `iat`: the clock of the node that signed it may be ahead, and the token is no less ours. What is revoked meanwhile, its session
    // and the user's revision tell, which are counted and not timed.
    if (now < (claims.nbf ?? 0) - this.leewaySeconds) {
      throw new AuthError('unauthenticated', { reason: 'access_token_not_yet_valid' });
    }
    if (now < claims.exp + this.leewaySeconds) return claims;
    this.verified.delete(token);
    throw new AuthError('token_expired', { reason: 'access_token_expired' });
  }

  /** The claims of a token that this service signed for itself, also when its time is over; null for any other text. */
  readSigned(token: string): AccessTokenClaims | null {
    this.refreshKeys();
    const known = this.verified.get(token);
    if (known) return known;
    const claims = token.length > MAX_CHARACTERS ? null : this.check(token);
    if (claims) {
      this.unused.add(claims);
      this.verified.add(token, claims, this.clock.milliseconds() / 1000);
    }
    return claims;
  }

  /** The key that a token says it was signed by; undefined for any other than one that is accepted. Verifies nothing. */
  kidOf(token: string): string | undefined {
    return this.keyFor(token.slice(0, token.indexOf('.')))?.kid;
  }

  /** Whether a token with these claims, as {@link readSigned} has them, has not been presented to this node before, as far as it remembers. */
  isFirstUse(claims: AccessTokenClaims): boolean {
    return this.unused.delete(claims);
  }

  /** See {@link SigningKeys.certain}: what is verified before it resolves may be of a key that counts no more. */
  certain(): Promise<unknown> | null {
    return this.signingKeys.certain();
  }

  /**
   * Asks for keys that another node may have added, if the token could be of one: it is not of a key that is known here, and
   * its header is ours to the letter but for the key's name. Null when there is nothing to ask for.
   */
  learnKeyOf(token: string): Promise<void> | null {
    if (token.length > MAX_CHARACTERS) return null;
    this.refreshKeys();
    const header = token.slice(0, token.indexOf('.'));
    const [key] = this.keys;
    if (!key || this.keyOfHeader.has(header) || this.formerHeaders.has(header)) return null;
    const kid = KID.exec(Buffer.from(header, 'base64url').toString())?.[1];
    const isOurs = kid !== undefined && headerOf({ algorithm: key.algorithm, kid }) === header;
    return isOurs ? this.signingKeys.refresh() : null;
  }

  /** Seconds. */
  private someLife(): number {
    return this.lifeSeconds - randomInt(Math.floor(this.lifeSeconds * JITTER) + 1);
  }

  private check(token: string): AccessTokenClaims | null {
    const [header = '', payload = '', signature = '', ...more] = token.split('.', 4);
    const key = this.keyFor(header);
    const bytes = canonicalBytes(signature);
    if (more.length > 0 || !key || !bytes || !key.verify(`${header}.${payload}`, bytes)) return null;
    const claims = claimsOf(parsed(payload));
    return claims?.iss === this.issuer && this.isMeant(claims.aud) ? claims : null;
  }

  private isMeant(aud: AccessTokenClaims['aud']): boolean {
    return typeof aud === 'string' ? this.ours.has(aud) : aud.some((one) => this.ours.has(one));
  }

  /** Others verify tokens by the published key, and must not take one for a login that was never finished. */
  private audienceFor({ onlyFor }: TokenSession): string {
    return onlyFor ? limited(this.audience, onlyFor) : this.audience;
  }

  /**
   * The key whose header this is, byte for byte as we write it. No header is ever parsed, so there is no `alg` to confuse, no
   * `kid` to look up elsewhere, no `jwk`, `jku`, `x5u` or `crit` to obey.
   */
  private keyFor(header: string): SigningKey | undefined {
    return this.keyOfHeader.get(header);
  }

  /** The holder of a token of a withdrawn key is to refresh it. Nothing is said about the token: it can no longer be verified. */
  private refusalOf(token: string): AuthError {
    const isOfFormerKey = this.formerHeaders.has(token.slice(0, token.indexOf('.')));
    if (isOfFormerKey) return new AuthError('token_expired', { reason: 'signing_key_withdrawn' });
    return new AuthError('unauthenticated', { reason: 'invalid_access_token' });
  }

  private refreshKeys(): void {
    const keys = this.signingKeys.accepted();
    if (keys === this.keys) return;
    this.keys = keys;
    for (const header of this.keyOfHeader.keys()) this.formerHeaders.add(header);
    for (const key of keys) this.formerHeaders.delete(headerOf(key));
    this.keyOfHeader = new Map(keys.map((key) => [headerOf(key), key]));
    // What a key has verified that is accepted no more counts no more.
    this.verified.clear();
  }
}

/** RFC 9068 §2.1: the type keeps any other JWT, signed by whatever key of ours, from being taken for an access token. */
function headerOf({ algorithm, kid }: Pick<SigningKey, 'algorithm' | 'kid'>): string {
  return base64url(JSON.stringify({ alg: algorithm, typ: 'at+jwt', kid }));
}

/** The audience of tokens whose session is good for one thing only: this service, which knows the session. */
function limited(audience: string, onlyFor: string): string {
  return `${audience}#${onlyFor}`;
}

function toSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
