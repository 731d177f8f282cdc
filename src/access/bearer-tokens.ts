import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '../edge/http-exchange.js';

const AUTHORIZATION = 'authorization';
const NONE: readonly string[] = Object.freeze([]);

/** A scheme of `Authorization` by which a token travels. */
interface TokenScheme {
  /** As nearly everyone writes it. */
  readonly usual: string;
  readonly pattern: RegExp;
  /** In lower case. */
  readonly first: number;
}

const BEARER: TokenScheme = { usual: 'Bearer ', pattern: /^Bearer(?:[ \t]+(.*))?$/i, first: 'b'.charCodeAt(0) };
const DPOP: TokenScheme = { usual: 'DPoP ', pattern: /^DPoP(?:[ \t]+(.*))?$/i, first: 'd'.charCodeAt(0) };

/** The value of each `Authorization: Bearer` header of the request, unchecked; `''` for a header without one. RFC 6750 §2.1. */
export function bearerTokens(request: HttpRequest): readonly string[] {
  return bearerTokensIn(authorizationsOf(request));
}

/** The same, in headers that have been read. */
export function bearerTokensIn(authorizations: readonly string[]): readonly string[] {
  return tokensIn(authorizations, BEARER);
}

/** The value of each `Authorization: DPoP` header, as in {@link bearerTokens}. RFC 9449 §7.1. */
export function dpopTokensIn(authorizations: readonly string[]): readonly string[] {
  return tokensIn(authorizations, DPOP);
}

/** Normally one; of several Node shows only the first, and a proxy may have judged the other (RFC 6750 §2). */
export function authorizationsOf(request: HttpRequest): readonly string[] {
  const shown = request.headers.authorization;
  if (shown === undefined) return NONE;
  // Fastify wraps Node's message, Express extends it.
  const { rawHeaders } = ((request as { raw?: object }).raw ?? request) as Partial<IncomingMessage>;
  if (!rawHeaders) return [shown];
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    // The length first: every request has many headers, and nearly none of them this one.
    if (name.length === AUTHORIZATION.length && name.toLowerCase() === AUTHORIZATION) values.push(rawHeaders[at + 1]!);
  }
  return values.length > 1 ? values : [shown];
}

function tokensIn(authorizations: readonly string[], scheme: TokenScheme): readonly string[] {
  if (authorizations.length === 0) return NONE;
  // Nearly every request has one: nothing is made for the scheme that it is not of.
  const first = tokenIn(authorizations[0]!, scheme);
  if (authorizations.length === 1) return first === null ? NONE : [first];
  return authorizations.map((value) => tokenIn(value, scheme)).filter((token) => token !== null);
}

function tokenIn(value: string, { usual, pattern, first }: TokenScheme): string | null {
  // Of another scheme: no expression has to read it.
  if ((value.charCodeAt(0) | 0x20) !== first) return null;
  const next = value.charCodeAt(usual.length);
  // The expression reads every character; it is needed only where more blanks follow, or another spelling.
  if (value.startsWith(usual) && next > 0x20) return value.slice(usual.length);
  const match = pattern.exec(value);
  return match && (match[1] ?? '');
}
