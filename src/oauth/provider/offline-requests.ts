import type { OAuthContext } from './current-request.js';

/** By this parameter we tell the library, and it its stored requests, that `offline_access` was asked for: it drops the scope itself. */
export const OFFLINE_PARAM = 'coatcheck_offline';
const OFFLINE_ACCESS = 'offline_access';

/** The form or query with our parameter, if it asks for `offline_access`; a client's own parameter of that name is dropped. */
export function withOfflineParam(form: string): string {
  if (!form.includes(OFFLINE_ACCESS) && !form.includes(OFFLINE_PARAM)) return form;
  const params = new URLSearchParams(form);
  params.delete(OFFLINE_PARAM);
  const isAsked = params.getAll('scope').some((scope) => scope.split(/[ +]/).includes(OFFLINE_ACCESS));
  if (isAsked) params.set(OFFLINE_PARAM, 'true');
  return params.toString();
}

/** Whether the request asks for `offline_access` and the library has dropped it, as it does without `prompt=consent`. */
export function hasDroppedOffline({ oidc }: OAuthContext): boolean {
  const isAsked = oidc.params?.[OFFLINE_PARAM] !== undefined && oidc.client?.grantTypeAllowed('refresh_token') === true;
  return isAsked && !oidc.requestParamScopes.has(OFFLINE_ACCESS);
}

/** Has the request go on with `offline_access`. */
export function restoreOffline({ oidc }: OAuthContext): void {
  oidc.params!.scope = [...oidc.requestParamScopes, OFFLINE_ACCESS].join(' ');
}
