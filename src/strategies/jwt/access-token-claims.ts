/** The claims that Coatcheck reads from an access token, each with its required type. RFC 9068 §2.2. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string | readonly string[];
  /** Id of the user. */
  readonly sub: string;
  /** Id of the session. */
  readonly sid: string;
  readonly jti: string;
  /** Seconds since 1970, as are the others. */
  readonly iat: number;
  readonly exp: number;
  readonly nbf?: number;
  /** The user's `revision` when it was signed. */
  readonly ver: number;
  /** RFC 7800: only a client that can confirm this may use it. Absent: any holder may. */
  readonly cnf?: { readonly 'x5t#S256'?: unknown };
}

/** The claims, if all are there and none is of another type; null otherwise. Compares nothing with anything. */
export function claimsOf(payload: unknown): AccessTokenClaims | null {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return null;
  const { iss, aud, sub, sid, jti, iat, exp, nbf, ver, cnf } = payload as Record<string, unknown>;
  if (![iss, sub, sid, jti].every(isText) || !(isText(aud) || isTexts(aud))) return null;
  if (!isInstant(iat) || !isInstant(exp) || !isInstant(ver) || !(nbf === undefined || isInstant(nbf))) return null;
  if (cnf !== undefined && (typeof cnf !== 'object' || cnf === null)) return null;
  return payload as AccessTokenClaims;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

/** Whole seconds: a fraction, a text or 1e20 is none of our making. */
function isInstant(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
