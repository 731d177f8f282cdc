const MOST_CHARACTERS = 500;
const CHARACTERS = /^[A-Za-z0-9\-._~:/?[\]@!$&'()+,;=%]+$/;

/** The problem of the URI of an API (RFC 8707 §2); null: none. It is compared character by character. */
export function resourceUriProblem(uri: string): string | null {
  if (uri.length > MOST_CHARACTERS) return `must have at most ${MOST_CHARACTERS} characters`;
  if (uri.includes('#')) return 'must not contain a fragment';
  if (!CHARACTERS.test(uri) || !URL.canParse(uri)) return 'must be an absolute URI';
  const { protocol, username, password } = new URL(uri);
  if (username !== '' || password !== '') return 'must not contain a user name or password';
  // Others are names, e.g. urn:example:api.
  return /^[a-z][a-z0-9+.-]*:$/.test(protocol) && protocol !== 'javascript:' ? null : 'must be an absolute URI';
}
