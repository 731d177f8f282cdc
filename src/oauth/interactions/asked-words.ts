import { type OAuthResource, OIDC_SCOPES } from '../resources/oauth-resource.js';

/** Word that says what a scope of OpenID Connect lets a client do. */
export function wordOfScope(scope: string): string {
  return `oauth-scope.${scope}`;
}

/** A page's words for the scope of an API: its description; for want of one the word of OpenID Connect, or its name. */
export function saidOfScope(
  resource: OAuthResource | null,
  scope: string,
): { word: string | null; text: string | null } {
  const described = resource?.scopes[scope];
  if (!described && OIDC_SCOPES.includes(scope)) return { word: wordOfScope(scope), text: null };
  return { word: null, text: described || scope };
}
