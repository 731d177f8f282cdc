import { type OAuthResource, OIDC_SCOPES } from '../resources/oauth-resource.js';

/** A client's request to one API. */
export interface AskedOfResource {
  readonly resource: OAuthResource;
  readonly scopes: readonly string[];
  /** Those of its scopes that the user may not hand out. */
  readonly refused: readonly string[];
}

/** A client's request to a user. */
export interface AskedScopes {
  /** Of OpenID Connect. */
  readonly openid: readonly string[];
  readonly resources: readonly AskedOfResource[];
}

/** The facts that determine what is requested. */
export interface Asking {
  readonly scope: unknown;
  /** APIs that are asked for, each with the scopes that this client may have of it. */
  readonly resources: readonly { readonly resource: OAuthResource; readonly available: ReadonlySet<string> }[];
  readonly mayHold: (scope: string) => boolean;
}

export function askedScopes({ scope, resources, mayHold }: Asking): AskedScopes {
  const words = new Set(typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []);
  return {
    openid: OIDC_SCOPES.filter((one) => words.has(one)),
    resources: resources.flatMap(({ resource, available }) => {
      const wanted = [...words].filter((one) => available.has(one));
      if (wanted.length === 0) return [];
      const isFree = (one: string) => OIDC_SCOPES.includes(one) || mayHold(one);
      return [{ resource, scopes: wanted.filter(isFree), refused: wanted.filter((one) => !isFree(one)) }];
    }),
  };
}

/** Every scope that may be allowed, each once. */
export function allowable({ openid, resources }: AskedScopes): string[] {
  return [...new Set([...openid, ...resources.flatMap(({ scopes }) => scopes)])];
}

/** By resource; those of OpenID Connect under `openid`. */
export function allowedByResource({ openid, resources }: AskedScopes, allowed: ReadonlySet<string>) {
  const parts: [string, string[]][] = [
    ['openid', openid.filter((one) => allowed.has(one))],
    ...resources.map(({ resource, scopes }): [string, string[]] => [
      resource.uri,
      scopes.filter((one) => allowed.has(one)),
    ]),
  ];
  return Object.fromEntries(parts.filter(([, scopes]) => scopes.length > 0));
}
