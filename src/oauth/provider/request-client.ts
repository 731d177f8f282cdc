import type { IncomingMessage } from 'node:http';

/** Who a client says it is, unchecked: what its requests are counted by. Empty: it does not say. */
export function clientIdOf({ headers }: IncomingMessage, body: Buffer): string {
  const [scheme, credentials = ''] = (headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() === 'basic') return Buffer.from(credentials, 'base64').toString().split(':', 1)[0] ?? '';
  const form = new URLSearchParams(body.toString());
  return form.get('client_id') ?? subjectOf(form.get('client_assertion') ?? '');
}

/** RFC 7523 §3: the subject of its assertion. */
function subjectOf(assertion: string): string {
  try {
    const { sub } = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString());
    return typeof sub === 'string' ? sub : '';
  } catch {
    return '';
  }
}
