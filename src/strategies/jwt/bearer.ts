import { authorizationsOf } from '../../access/authorization-header.js';
import type { HttpRequest } from '../../access/http-exchange.js';

const BEARER = /^Bearer(?:[ \t]+(.*))?$/i;

/** Begins a key made for a machine, which is no access token. */
const API_KEY_PREFIX = 'cck_';

/** What each `Authorization: Bearer` header of the request carries, unchecked, keys for machines left out. */
export function bearerTokens(request: HttpRequest): string[] {
  return request.headers.authorization === undefined ? [] : bearerTokensIn(authorizationsOf(request));
}

/** The same, of the headers' values. */
export function bearerTokensIn(authorizations: readonly string[]): string[] {
  const tokens: string[] = [];
  for (const value of authorizations) {
    const token = bearerIn(value);
    if (token !== null && !token.startsWith(API_KEY_PREFIX)) tokens.push(token);
  }
  return tokens;
}

function bearerIn(value: string): string | null {
  // As nearly everyone writes it; the expression reads every character of the token.
  if (value.startsWith('Bearer ey')) return value.slice('Bearer '.length);
  const match = BEARER.exec(value);
  return match && (match[1] ?? '');
}
