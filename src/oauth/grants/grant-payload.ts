import { AuthError } from '../../kernel/auth-error.js';
import { frozenJson, type JsonObject } from '../../kernel/json-object.js';

/** Far more than a grant of all there is to grant; a row that grows without end would be read at every look-up. */
const MOST_BYTES = 65_536;

/** Under which the scopes of OpenID Connect stand, beside the URIs of resources. */
export const OPENID = 'openid';

/** Scopes by resource; those of OpenID Connect under `openid`. */
export type ScopesByResource = Readonly<Record<string, readonly string[]>>;

/** The library's grant as it is stored. @throws AuthError `validation_failed` for what no store could keep */
export function readPayload(payload: unknown): JsonObject {
  try {
    return frozenJson(payload, MOST_BYTES);
  } catch (cause) {
    throw new AuthError('validation_failed', { reason: 'unstorable_grant', cause });
  }
}

/** What the library's grant holds, in the library's form: `{ openid: { scope }, resources: { "<uri>": "<scopes>" } }`. */
export function scopesIn(payload: Readonly<Record<string, unknown>>): ScopesByResource {
  const { openid, resources } = payload as { openid?: { scope?: unknown }; resources?: Record<string, unknown> };
  const found = Object.entries({ ...resources, ...(openid && { [OPENID]: openid.scope }) });
  const split = found.map(([resource, scopes]) => [resource, wordsIn(scopes)] as const);
  return Object.fromEntries(split.filter(([, scopes]) => scopes.length > 0));
}

function wordsIn(scopes: unknown): string[] {
  return typeof scopes === 'string' ? scopes.split(' ').filter(Boolean) : [];
}
