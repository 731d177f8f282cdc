import { isUuid } from '../../kernel/is-uuid.js';
import { hashSecret } from '../../kernel/secret-token.js';

/** Who may use a token besides holding it, RFC 7800: each member is a SHA-256, base64url. */
export interface Confirmation {
  /** RFC 9449 §6.1: thumbprint of the key whose proofs (DPoP) it needs. */
  readonly jkt?: string;
  /** RFC 8705 §3.1: thumbprint of the certificate whose connections it is good over. */
  readonly 'x5t#S256'?: string;
}

/** An access token that this service signed for a client, RFC 9068 §2.2, read. Frozen: it is shared by requests. */
export interface OAuthToken {
  /** Seconds since 1970, as are the others. */
  readonly exp: number;
  readonly iat: number;
  readonly nbf: number | null;
  readonly audiences: readonly string[];
  readonly clientId: string;
  /** Id of the user; of the client, when it acts for itself. */
  readonly subject: string;
  /** Root of the token: null when the client acts for itself. */
  readonly grantId: string | null;
  /** Of a client that acts for itself: its `generation` when it was signed. */
  readonly generation: number | null;
  readonly jti: string;
  /** As `oauth_revoked_tokens` has it: SHA-256, base64url. */
  readonly jtiHash: string;
  readonly scopes: readonly string[];
  /** Null: any holder may use it. */
  readonly confirmation: Confirmation | null;
}

/** The owner under which a single token is revoked: {@link OAuthToken.grantId}, or the client that acts for itself. */
export type TokenOwner = `grant:${string}` | `client:${string}`;

export function ownerOf({ grantId, clientId }: Pick<OAuthToken, 'grantId' | 'clientId'>): TokenOwner {
  return grantId === null ? `client:${clientId}` : `grant:${grantId}`;
}

/** The claims added to a token of a client that acts for itself, so that it can be ended. */
export function claimsOfClient({ generation }: { readonly generation: number }): Readonly<Record<string, unknown>> {
  return { gen: generation };
}

/** Null unless every claim is of the type it must have: what cannot be read is no token. */
export function oauthTokenOf(payload: unknown, issuer: string): OAuthToken | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const { iss, aud, sub, client_id, gid, gen, jti, iat, exp, nbf, scope, cnf } = payload as Record<string, unknown>;
  const audiences = typeof aud === 'string' ? [aud] : aud;
  if (iss !== issuer || !isTexts(audiences) || !isText(sub) || !isText(client_id) || !isText(jti)) return null;
  if (!isInstant(iat) || !isInstant(exp) || (nbf !== undefined && !isInstant(nbf))) return null;
  if (scope !== undefined && typeof scope !== 'string') return null;
  const confirmation = confirmationOf(cnf);
  if (confirmation === undefined || !isRooted(gid, sub, client_id, gen)) return null;
  const scopes = (scope ?? '').split(' ').filter((one) => one !== '');
  return Object.freeze({
    exp,
    iat,
    nbf: nbf ?? null,
    audiences: Object.freeze([...audiences]),
    clientId: client_id,
    subject: sub,
    grantId: gid ?? null,
    generation: gid === undefined ? (gen as number) : null,
    jti,
    jtiHash: hashSecret(jti),
    scopes: Object.freeze(scopes),
    confirmation,
  });
}

/** A token hangs on a grant, or is its client's own: of neither, nothing could ever end it. */
function isRooted(gid: unknown, sub: string, clientId: string, gen: unknown): gid is string | undefined {
  return gid === undefined ? sub === clientId && isInstant(gen) : isText(gid) && isUuid(gid);
}

/** Undefined: it cannot be confirmed here, so the token cannot be used. */
function confirmationOf(cnf: unknown): Confirmation | null | undefined {
  if (cnf === undefined) return null;
  if (typeof cnf !== 'object' || cnf === null) return undefined;
  const { jkt, 'x5t#S256': x5t, ...more } = cnf as Record<string, unknown>;
  const isNone = jkt === undefined && x5t === undefined;
  if (isNone || Object.keys(more).length > 0) return undefined;
  if ((jkt !== undefined && !isText(jkt)) || (x5t !== undefined && !isText(x5t))) return undefined;
  return Object.freeze({ ...(jkt !== undefined && { jkt }), ...(x5t !== undefined && { 'x5t#S256': x5t }) });
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

/** Whole seconds: a fraction, a text or 1e20 is none of our making. */
function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
