import type { Connection } from '../connections/connection.js';
import { claimAt } from '../upstreams/claims.js';
import type { UpstreamIdentity } from '../upstreams/upstream.js';

/** The roles that a connection's map gives for these claims, each once. Nothing else in a claim is a role here. */
export function mappedRoles({ settings }: Connection, { claims }: UpstreamIdentity): readonly string[] {
  if (settings.roles === null) return [];
  const { claim, map } = settings.roles;
  const given = claimAt(claims, claim);
  const values = Array.isArray(given) ? given : [given];
  const roles = values.filter((value) => typeof value === 'string' && Object.hasOwn(map, value));
  return [...new Set(roles.map((value: string) => map[value]!))];
}
