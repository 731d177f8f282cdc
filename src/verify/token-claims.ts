import { parsed } from '../keys/jwt-encoding.js';

/** What a holder must also possess to use a token (RFC 7800), each a SHA-256 in base64url. */
export interface TokenConfirmation {
  /** RFC 9449 §6.1. */
  readonly jkt?: string;
  /** RFC 8705 §3.1. */
  readonly 'x5t#S256'?: string;
}

/** What a verifier reads of a token, each claim of the type it must have. */
export interface TokenClaims {
  readonly iss: string;
  readonly audiences: readonly string[];
  readonly sub: string;
  /** Seconds since 1970. */
  readonly exp: number;
  readonly nbf: number | null;
  /** Null: any holder may use it. */
  readonly confirmation: TokenConfirmation | null;
  /** Of a session's token: its id and the user's revision when it was signed; null for a client's. */
  readonly session: { readonly id: string; readonly revision: number } | null;
}

/** The claims; null when one is missing or of another type: what cannot be read is no token. */
export function claimsIn(payload: unknown, kind: 'session' | 'oauth'): TokenClaims | null {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return null;
  const { iss, aud, sub, jti, iat, exp, nbf, cnf, sid, ver } = payload as Record<string, unknown>;
  const audiences = typeof aud === 'string' ? [aud] : aud;
  if (!isText(iss) || !isText(sub) || !isText(jti) || !isTexts(audiences)) return null;
  if (!isInstant(iat) || !isInstant(exp) || !(nbf === undefined || isInstant(nbf))) return null;
  const confirmation = confirmationIn(cnf);
  if (confirmation === undefined) return null;
  const isOfSession = kind === 'session';
  if (isOfSession && !(isText(sid) && isInstant(ver))) return null;
  const session = isOfSession ? { id: sid as string, revision: ver as number } : null;
  return { iss, audiences, sub, exp, nbf: nbf ?? null, confirmation, session };
}

/** What a token says of whose it is and for whom, unverified; nothing if it is none, or does not say. */
export function saidIn(token: string): { readonly iss: string | null; readonly audiences: readonly string[] } {
  const [, payload = ''] = token.split('.', 2);
  const { iss, aud } = (parsed(payload) ?? {}) as { iss?: unknown; aud?: unknown };
  const audiences = typeof aud === 'string' ? [aud] : aud;
  return { iss: isText(iss) ? iss : null, audiences: isTexts(audiences) ? audiences : [] };
}

/** Undefined: it cannot be confirmed here, so the token cannot be used. */
export function confirmationIn(cnf: unknown): TokenConfirmation | null | undefined {
  if (cnf === undefined) return null;
  if (typeof cnf !== 'object' || cnf === null) return undefined;
  const { jkt, 'x5t#S256': x5t, ...more } = cnf as Record<string, unknown>;
  if ((jkt === undefined && x5t === undefined) || Object.keys(more).length > 0) return undefined;
  if ((jkt !== undefined && !isText(jkt)) || (x5t !== undefined && !isText(x5t))) return undefined;
  return { ...(jkt !== undefined && { jkt }), ...(x5t !== undefined && { 'x5t#S256': x5t }) };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every(isText);
}

/** Whole seconds: a fraction, a text or 1e20 is none of the service's making. */
function isInstant(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
