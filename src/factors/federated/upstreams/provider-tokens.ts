import { errors, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import { isSubject } from './claims.js';
import { isObject, ProviderUnreachable } from './upstream-fetch.js';
import { OddAnswer } from './upstream-refusals.js';

/** The values that every token of a provider is verified against. */
export interface TokenExpectations {
  /** Of the claims, which are not verified yet, to the issuer that they must have. */
  readonly issuerOf: (claims: JWTPayload) => string | null;
  readonly clientId: string;
  readonly keys: JWTVerifyGetKey;
  readonly now: Date;
}

/** Asymmetric ones only: `none` proves nothing, and HS* would make the client secret a signing key. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const TOLERANCE_SECONDS = 60;
/** It comes straight from the token endpoint. */
const ID_TOKEN_AGE_SECONDS = 600;
/** A logout token is posted when it is made. */
const LOGOUT_TOKEN_AGE_SECONDS = 300;
const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';

/**
 * The claims of an ID token: signature, algorithm, issuer, audience, `azp`, times and subject are right (OpenID Connect Core §3.1.3.7).
 *
 * @param nonce what was sent; null: a refreshed one, which need not repeat it (§12.2)
 * @throws OddAnswer with what is wrong; ProviderUnreachable when the keys cannot be had
 */
export async function verifyIdToken(token: string, expected: TokenExpectations, nonce: string | null) {
  const required = ['iss', 'sub', 'aud', 'exp', 'iat'];
  const claims = await verified('id_token', token, expected, { maxTokenAge: ID_TOKEN_AGE_SECONDS }, required);
  if (nonce !== null && claims.nonce !== nonce) throw new OddAnswer('id_token_nonce');
  if (!isSubject(claims.sub)) throw new OddAnswer('id_token_sub');
  const isForSeveral = Array.isArray(claims.aud) && claims.aud.length > 1;
  if ((isForSeveral || claims.azp !== undefined) && claims.azp !== expected.clientId)
    throw new OddAnswer('id_token_azp');
  return claims as JWTPayload & { readonly iss: string; readonly sub: string };
}

/**
 * The claims of a logout token, OpenID Connect Back-Channel Logout 1.0 §2.6: typed, fresh, with the event, an id, a subject or a session, and
 * without `nonce`, so that no ID token passes for one.
 *
 * @throws as {@link verifyIdToken}
 */
export async function verifyLogoutToken(token: string, expected: TokenExpectations) {
  const limits = { typ: 'logout+jwt', maxTokenAge: LOGOUT_TOKEN_AGE_SECONDS };
  const claims = await verified('logout_token', token, expected, limits, ['iss', 'aud', 'iat', 'jti', 'events']);
  const { events, jti, sub, sid } = claims;
  if (!isObject(events) || !isObject(events[LOGOUT_EVENT])) throw new OddAnswer('logout_token_events');
  if (Object.hasOwn(claims, 'nonce')) throw new OddAnswer('logout_token_nonce');
  if (!isSubject(jti)) throw new OddAnswer('logout_token_jti');
  if (sub !== undefined && !isSubject(sub)) throw new OddAnswer('logout_token_sub');
  if (sid !== undefined && !isSubject(sid)) throw new OddAnswer('logout_token_sid');
  if (sub === undefined && sid === undefined) throw new OddAnswer('logout_token_sub');
  return { iss: claims.iss as string, jti, sub: sub ?? null, sid: sid ?? null, iat: claims.iat as number };
}

async function verified(
  kind: string,
  token: string,
  { issuerOf, clientId, keys, now }: TokenExpectations,
  limits: JWTVerifyOptions,
  requiredClaims: string[],
): Promise<JWTPayload> {
  const times = { currentDate: now, clockTolerance: TOLERANCE_SECONDS };
  const options = { ...limits, ...times, algorithms: ALGORITHMS, audience: clientId, requiredClaims };
  try {
    const { payload } = await jwtVerify(token, keys, options);
    if (typeof payload.iss !== 'string' || payload.iss !== issuerOf(payload)) throw new OddAnswer(`${kind}_iss`);
    return payload;
  } catch (error) {
    if (error instanceof ProviderUnreachable || error instanceof OddAnswer) throw error;
    throw new OddAnswer(`${kind}_${wordFor(error)}`, { cause: error });
  }
}

function wordFor(error: unknown): string {
  if (error instanceof errors.JWTClaimValidationFailed || error instanceof errors.JWTExpired) return error.claim;
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'key';
  return 'invalid';
}
