import { providerOf } from '../providers/providers.js';
import type { Connection } from './connection.js';

/** What people call the provider of a connection: what an admin says, else the name of its kind, else the host of its issuer. */
export function labelOf({
  settings,
  kind,
  issuer,
  slug,
}: Pick<Connection, 'settings' | 'kind' | 'issuer' | 'slug'>): string {
  const host = issuer !== null && URL.canParse(issuer) ? new URL(issuer).host : slug;
  return settings.label ?? providerOf(kind)?.label ?? host;
}
