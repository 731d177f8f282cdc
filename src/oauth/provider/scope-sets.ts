import type { Grant } from 'oidc-provider';
import type { OAuthContext } from './current-request.js';

/** Scopes by resource; those of OpenID Connect under `openid`. */
export type ScopesByResource = Record<string, string[]>;

/** The scopes that this request asks for and the grant does not hold yet, allowed or refused. */
export function missingScopes(ctx: OAuthContext, grant: Grant | undefined): ScopesByResource {
  const { oidc } = ctx;
  const missing: ScopesByResource = {};
  const held = new Set(grant?.getOIDCScopeEncountered().split(' '));
  const openid = [...oidc.requestParamOIDCScopes].filter((scope) => !held.has(scope));
  if (openid.length > 0) missing.openid = openid;
  for (const [uri, server] of Object.entries(oidc.resourceServers ?? {})) {
    const known = new Set(grant?.getResourceScopeEncountered(uri).split(' '));
    const scopes = [...oidc.requestParamScopes].filter((scope) => server.scopes.has(scope) && !known.has(scope));
    if (scopes.length > 0) missing[uri] = scopes;
  }
  return missing;
}

/** Whether all of these are among those. */
export function isWithin(scopes: ScopesByResource, all: Readonly<Record<string, readonly string[]>>): boolean {
  return Object.entries(scopes).every(([uri, wanted]) => wanted.every((scope) => all[uri]?.includes(scope)));
}

export function isEmpty(scopes: ScopesByResource): boolean {
  return Object.keys(scopes).length === 0;
}

/** Puts scopes into the library's grant; those that the user may not hand out as refused, so that no user is asked for them again. */
export function addScopes(grant: Grant, scopes: ScopesByResource, mayHold: (scope: string) => boolean): void {
  for (const [uri, wanted] of Object.entries(scopes)) {
    if (uri === 'openid') {
      grant.addOIDCScope(wanted.join(' '));
      continue;
    }
    const held = wanted.filter(mayHold);
    const refused = wanted.filter((scope) => !mayHold(scope));
    if (held.length > 0) grant.addResourceScope(uri, held.join(' '));
    if (refused.length > 0) grant.rejectResourceScope(uri, refused.join(' '));
  }
}
