/** Where a Redis is, as `REDIS_URL` says it. */
export interface RedisAddress {
  readonly isCluster: boolean;
  readonly isEncrypted: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** One; of a cluster some, from which the others are learnt. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly database: number;
}

const SHAPE = /^redis(s)?(\+cluster)?:\/\/(?:([^\s@/]*)@)?([^\s@/]+)(?:\/(\d{1,5})?)?$/;
const NODE = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i;
const DEFAULT_PORT = 6379;

/** Reads `redis[s]://` or `redis[s]+cluster://`, `[user:password@]host[:port][,host:port...][/database]`; null when it is none. */
export function parseRedisUrl(url: string): RedisAddress | null {
  const [, encrypted, cluster, credentials, hosts, database] = SHAPE.exec(url) ?? [];
  const nodes = (hosts ?? '').split(',').map((host) => NODE.exec(host));
  if (!nodes.every((node) => node !== null)) return null;
  // One server has one address, and a cluster has no numbered databases.
  if (cluster ? database !== undefined : nodes.length > 1) return null;
  try {
    const [username = '', ...rest] = (credentials ?? '').split(':');
    return {
      isCluster: cluster !== undefined,
      isEncrypted: encrypted !== undefined,
      username: decodeURIComponent(username) || undefined,
      password: decodeURIComponent(rest.join(':')) || undefined,
      nodes: nodes.map(([, host, port]) => ({
        host: host!.replace(/^\[|\]$/g, ''),
        port: Number(port ?? DEFAULT_PORT),
      })),
      database: Number(database ?? 0),
    };
  } catch {
    return null;
  }
}
