import type { OAuthContext } from './current-request.js';
import type { Library } from './library.js';
import { OFFLINE_PARAM } from './offline-requests.js';

/**
 * What a client gets that names no scope (RFC 6749 §3.3): all scopes of the APIs it names that it may ask for, as MCP clients do where an API publishes
 * none. Called when the library knows the APIs, before a user is asked.
 *
 * @throws the library's `invalid_scope` for a request that nothing could be allowed of
 */
export function settleScopes({ errors }: Library, { oidc }: OAuthContext): void {
  const { params, resourceServers } = oidc;
  const offered = new Set(Object.values(resourceServers ?? {}).flatMap(({ scopes }) => [...scopes]));
  if (params!.scope === undefined && offered.size > 0 && params![OFFLINE_PARAM] === undefined)
    params!.scope = [...offered].join(' ');
  const isAskedFor = [...oidc.requestParamScopes].some((scope) => offered.has(scope));
  if (isAskedFor || oidc.requestParamOIDCScopes.size > 0 || params![OFFLINE_PARAM] !== undefined) return;
  const asked = [...oidc.requestParamScopes].join(' ');
  throw new errors.InvalidScope(
    'scope must name openid, or a scope of the resource that this client may ask for',
    asked,
  );
}
