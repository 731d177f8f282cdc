import type { AskedScopes } from './asked-scopes.js';

/** The library's grant, as far as it is written here. */
export interface GrantPayload {
  readonly [member: string]: unknown;
  readonly openid?: { readonly scope?: string; readonly claims?: readonly string[] };
  readonly resources?: Readonly<Record<string, string>>;
  /** The scopes that the user was asked for and did not allow: the library does not ask for them again in this grant. */
  readonly rejected?: {
    readonly openid?: { readonly scope?: string };
    readonly resources?: Readonly<Record<string, string>>;
  };
}

/** A user's answer. */
export interface Answer {
  readonly asked: AskedScopes;
  readonly allowed: ReadonlySet<string>;
  /** Single claims that were asked for (OpenID Connect Core §5.5), all of them allowed. */
  readonly claims: readonly string[];
}

/** The library's grant with this answer in it: what was allowed before stays, unless it was now refused. */
export function grantWith(before: GrantPayload, { asked, allowed, claims }: Answer): GrantPayload {
  let openid = split(before.openid?.scope, before.rejected?.openid?.scope);
  openid = answered(openid, asked.openid, (scope) => allowed.has(scope));
  const uris = new Set([
    ...Object.keys(before.resources ?? {}),
    ...Object.keys(before.rejected?.resources ?? {}),
    ...asked.resources.map(({ resource }) => resource.uri),
  ]);
  const byResource = [...uris].map((uri) => {
    const held = split(before.resources?.[uri], before.rejected?.resources?.[uri]);
    const now = asked.resources.find(({ resource }) => resource.uri === uri);
    if (!now) return { uri, ...held };
    const wanted = [...now.scopes, ...now.refused];
    return { uri, ...answered(held, wanted, (scope) => now.scopes.includes(scope) && allowed.has(scope)) };
  });
  const allClaims = [...new Set([...(before.openid?.claims ?? []), ...claims])];
  const rejected = {
    ...(openid.rejected.size > 0 && { openid: { scope: [...openid.rejected].join(' ') } }),
    ...written('resources', byResource, 'rejected'),
  };
  const { openid: _openid, resources: _resources, rejected: _rejected, ...rest } = before;
  return {
    ...rest,
    ...((openid.granted.size > 0 || allClaims.length > 0) && {
      openid: {
        ...(openid.granted.size > 0 && { scope: [...openid.granted].join(' ') }),
        ...(allClaims.length > 0 && { claims: allClaims }),
      },
    }),
    ...written('resources', byResource, 'granted'),
    ...(Object.keys(rejected).length > 0 && { rejected }),
  };
}

interface Held {
  readonly granted: ReadonlySet<string>;
  readonly rejected: ReadonlySet<string>;
}

function split(granted: string | undefined, rejected: string | undefined): Held {
  const words = (text = '') => new Set(text.split(' ').filter(Boolean));
  return { granted: words(granted), rejected: words(rejected) };
}

function answered({ granted, rejected }: Held, asked: readonly string[], isAllowed: (scope: string) => boolean): Held {
  const [yes, no] = [new Set(granted), new Set(rejected)];
  for (const scope of asked) {
    const [to, from] = isAllowed(scope) ? [yes, no] : [no, yes];
    to.add(scope);
    from.delete(scope);
  }
  return { granted: yes, rejected: no };
}

function written(member: string, all: readonly (Held & { readonly uri: string })[], which: keyof Held): object {
  const texts = all.flatMap((one) => (one[which].size > 0 ? [[one.uri, [...one[which]].join(' ')] as const] : []));
  return texts.length > 0 ? { [member]: Object.fromEntries(texts) } : {};
}
