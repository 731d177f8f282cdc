/** Where the Memcached servers are, as `MEMCACHED_URL` says it. */
export interface MemcachedAddress {
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Their order decides which server holds what. */
  readonly servers: readonly { readonly host: string; readonly port: number }[];
}

const SHAPE = /^memcached:\/\/(?:([^\s@/]*)@)?([^\s@/]+)\/?$/;
const SERVER = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i;
const DEFAULT_PORT = 11211;

/** Reads `memcached://[user:password@]host[:port][,host:port...]`; null when it is none. */
export function parseMemcachedUrl(url: string): MemcachedAddress | null {
  const [, credentials, hosts] = SHAPE.exec(url) ?? [];
  const servers = (hosts ?? '').split(',').map((host) => SERVER.exec(host));
  if (!servers.every((server) => server !== null)) return null;
  try {
    const [username = '', ...rest] = (credentials ?? '').split(':');
    return {
      username: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(rest.join(':')) || undefined,
      servers: servers.map(([, host, port]) => ({
        host: host!.replace(/^\[|\]$/g, ''),
        port: Number(port ?? DEFAULT_PORT),
      })),
    };
  } catch {
    return null;
  }
}
