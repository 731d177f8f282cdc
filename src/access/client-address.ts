import { isIP } from 'node:net';
import type { HttpRequest } from './http-exchange.js';

/**
 * Where a request came from, by the framework's proxy setting. Null for what is no address: a proxy may pass on whatever a
 * client wrote into `X-Forwarded-For`. An IPv4 address that arrived on an IPv6 socket is shown as what it is.
 */
export function clientAddress({ ip }: HttpRequest): string | null {
  const address = ip?.replace(/^::ffff:(?=\d+\.)/i, '') ?? '';
  return isIP(address) > 0 ? address : null;
}
