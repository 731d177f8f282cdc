import { AuthError, type FieldError } from '../kernel/auth-error.js';

/** RFC 3986 §3.2.2 and §3.2.3: a name, an IPv4 or a bracketed IPv6 address, and perhaps a port. */
const HOST = /^(\[[0-9a-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(:\d*)?$/i;

const NOT_ONE_HOST: FieldError = { field: '', rule: 'isReadable', message: 'the request must name one host' };

/** A request that does not name one host. */
export function refusedHost(reason: string): AuthError {
  return new AuthError('validation_failed', { reason, errors: [NOT_ONE_HOST] });
}

/**
 * Refuses what the parties on the way could read differently: RFC 9112 §3.2 asks for 400 where a request has more than one `Host`
 * field or one that is no host. HTTP/1.1 without any is refused by Node itself, or by the service.
 *
 * @param rawHeaders names and values in turn, as received; undefined where the framework does not show them
 * @param target as received; one in absolute form (`http://…`) must name the same host
 * @throws AuthError `validation_failed`
 */
export function assertOneHost(rawHeaders: readonly string[] | undefined, target = ''): void {
  if (!rawHeaders) return;
  let host: string | undefined;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (host !== undefined) throw refusedHost('several_host_fields');
    host = rawHeaders[i + 1]!;
  }
  if (host !== undefined && !HOST.test(host)) throw refusedHost('host_field_is_no_host');
  if (target.startsWith('/') || host === undefined) return;
  const authority = /^https?:\/\/([^/?#]*)/i.exec(target)?.[1];
  if (authority !== undefined && authority.toLowerCase() !== host.toLowerCase())
    throw refusedHost('target_names_another_host');
}
