import type { Connection } from './connection.js';

/** What people call the provider of a connection. */
export function labelOf({ settings, slug }: Pick<Connection, 'settings' | 'slug'>): string {
  return settings.label ?? slug;
}
