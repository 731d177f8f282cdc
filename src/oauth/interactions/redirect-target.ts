/** Where an answer goes, as a person reads it. */
export interface RedirectTarget {
  /** A host with its port, or the name of a scheme that a program has for itself. */
  readonly host: string;
  /** Whether it is a program on the computer of the browser. */
  readonly isLocal: boolean;
  /** The source that the page's policy must name when its form ends there: an origin or a scheme (CSP 3 §2.3.1). */
  readonly formSource: string;
}

const LOCAL = /^(localhost|127(\.\d+){3}|\[::1\])$/;
/** The hosts that the grammar of the policy has room for; `[::1]` is none. */
const NAMED = /^[a-z0-9.-]+$/i;

/** Null for what is no address. */
export function redirectTarget(uri: unknown): RedirectTarget | null {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return null;
  const { protocol, host, hostname, origin } = new URL(uri);
  if (protocol !== 'https:' && protocol !== 'http:') {
    const scheme = protocol.slice(0, -1);
    return { host: scheme, isLocal: false, formSource: protocol };
  }
  const formSource = NAMED.test(hostname) ? origin : protocol;
  return { host, isLocal: LOCAL.test(hostname), formSource };
}
