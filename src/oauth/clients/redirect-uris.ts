const LOOPBACKS = new Set(['localhost', '127.0.0.1', '[::1]']);
/** The characters of a URI without a fragment (RFC 3986 §2), and without a `*`, which would be taken for a pattern. */
const CHARACTERS = /^[A-Za-z0-9\-._~:/?[\]@!$&'()+,;=%]+$/;
const MOST_CHARACTERS = 2_000;
/** RFC 8252 §7.1: a domain name of the application's maker, reversed. */
const CUSTOM_SCHEME = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/;

/**
 * The problem of an address that a browser is sent to with an answer; null: none. It is compared character by character later, so
 * it is kept as it is written. Allowed: https, http to a loopback address, and a scheme of an application's own with a dot in it.
 */
export function redirectUriProblem(uri: string): string | null {
  if (uri.length > MOST_CHARACTERS) return `must have at most ${MOST_CHARACTERS} characters`;
  if (uri.includes('#')) return 'must not contain a fragment';
  if (!CHARACTERS.test(uri)) return 'must contain only characters of a URI, and no *';
  if (!URL.canParse(uri)) return 'must be an absolute URI';
  const { protocol, username, password, hostname } = new URL(uri);
  if (protocol === 'https:' || protocol === 'http:') {
    if (!/^https?:\/\/[^/]/i.test(uri)) return 'must be an absolute URI';
    if (username !== '' || password !== '') return 'must not contain a user name or password';
    if (protocol === 'http:' && !LOOPBACKS.has(hostname)) return 'must be https, or http to a loopback address';
    return null;
  }
  return CUSTOM_SCHEME.test(protocol)
    ? null
    : 'must be https, http to a loopback address, or have a scheme with a dot, e.g. com.example.app:/callback';
}

/** The problem of an address that this service calls; null: none. */
export function calledUriProblem(uri: string): string | null {
  const problem = redirectUriProblem(uri);
  if (problem) return problem;
  return isCustomScheme(uri) ? 'must be https, or http to a loopback address' : null;
}

/** Where browsers return to a client, as people read it: hosts with their ports, and schemes of programs. Each once, in its order. */
export function redirectHosts({ redirect_uris: uris }: Readonly<Record<string, unknown>>): string[] {
  const known = Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string' && URL.canParse(uri)) : [];
  const hosts = known.map((uri: string) =>
    isCustomScheme(uri) ? new URL(uri).protocol.slice(0, -1) : new URL(uri).host,
  );
  return [...new Set(hosts)];
}

/** Whether only an application on the user's device answers it. */
export function isCustomScheme(uri: string): boolean {
  return URL.canParse(uri) && !/^https?:$/.test(new URL(uri).protocol);
}

/** Whether it is http to the device that the browser runs on. */
export function isLoopbackHttp(uri: string): boolean {
  return URL.canParse(uri) && new URL(uri).protocol === 'http:' && LOOPBACKS.has(new URL(uri).hostname);
}

/** Whether it is https to the device that the browser runs on. */
export function isLoopbackHttps(uri: string): boolean {
  return URL.canParse(uri) && new URL(uri).protocol === 'https:' && LOOPBACKS.has(new URL(uri).hostname);
}
