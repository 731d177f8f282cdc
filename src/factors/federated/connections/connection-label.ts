import { providerOf } from '../providers/providers.js';
import type { Connection } from './connection.js';

/** The display name of a connection's provider: the admin's label, else the name of its kind, else the host of its issuer. */
export function labelOf({
  settings,
  kind,
  issuer,
  slug,
}: Pick<Connection, 'settings' | 'kind' | 'issuer' | 'slug'>): string {
  const host = issuer !== null && URL.canParse(issuer) ? new URL(issuer).host : slug;
  return settings.label ?? providerOf(kind)?.label ?? host;
}
