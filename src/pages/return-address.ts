const MAX_LENGTH = 2000;
/** Nothing but printable ASCII, as a browser writes an address. */
const PRINTABLE = /^[!-~]+$/;
/** Encodings that a proxy or a router might decode into a slash, a backslash or a control character. */
const ENCODED_ODDITY = /%(2f|5c|[01][0-9a-f]|7f)/i;
const ANYWHERE = 'http://return.invalid';

/**
 * The path of this origin, with its query, that a `return` names; null for everything else: another origin, a scheme, what browsers and
 * proxies read differently.
 */
export function returnAddress(given: unknown): string | null {
  if (typeof given !== 'string' || given.length > MAX_LENGTH || !PRINTABLE.test(given)) return null;
  if (!given.startsWith('/') || given.startsWith('//') || given.includes('\\')) return null;
  if (!URL.canParse(given, ANYWHERE)) return null;
  const { origin, pathname, search } = new URL(given, ANYWHERE);
  // Exactly as a browser would write it: no dot segments, no fragment.
  if (origin !== ANYWHERE || pathname + search !== given) return null;
  return pathname.includes('//') || ENCODED_ODDITY.test(pathname) ? null : given;
}

/** `path` with `return`, or alone where there is nothing to return to. */
export function withReturn(path: string, address: string | null): string {
  return address === null ? path : `${path}?return=${encodeURIComponent(address)}`;
}
