/**
 * The problem of a URL that may hold a user and a password, in words that show neither; null when it can be read. A `/`, `?`,
 * `#` or `%` of a password that is not percent-encoded ends the password there, or cannot be decoded.
 */
export function credentialsProblem(text: string): string | null {
  const [authority = ''] = text.replace(/^[^:]*:\/\//, '').split(/[/?#]/, 1);
  const rest = text.slice(text.indexOf(authority) + authority.length);
  // `user:12/34@host` is a host `user` with a port, to a parser of URLs.
  if (!authority.includes('@') && rest.includes('@'))
    return 'contains a user name or password that is not percent-encoded';
  if (rest.includes('#')) return 'contains a # that is not percent-encoded';
  const [credentials = ''] = authority.includes('@') ? authority.split(/@(?=[^@]*$)/) : [''];
  if (/\s/.test(text)) return 'contains white space that is not percent-encoded';
  try {
    decodeURIComponent(credentials);
    return null;
  } catch {
    return 'contains a user name or password with a % that is not percent-encoded';
  }
}

/** How to mend it. */
export const ENCODE_CREDENTIALS =
  'percent-encode the user name and password: node -p "encodeURIComponent(process.argv[1])" \'the password\'';
