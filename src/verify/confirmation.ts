import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestTicket } from './request-ticket.js';
import type { TokenConfirmation } from './token-claims.js';
import { invalidToken } from './verify-error.js';
import type { VerifyRequest } from './verify-request.js';

/** Of a connection with TLS, as far as it is looked at here. */
interface TlsConnection {
  getPeerCertificate?(): { readonly raw?: Buffer } | null;
}

/**
 * Lets a token that is bound to a certificate in only over a connection that was opened with it (RFC 8705 §3), and a token that
 * is bound to a key (RFC 9449) not at all: whether its proof was used before, this service cannot know.
 *
 * @param confirmation null: any holder may use the token
 * @throws VerifyError `unauthenticated`
 */
export function assertConfirmed(
  confirmation: TokenConfirmation | null,
  { isDpop }: Pick<RequestTicket, 'isDpop'>,
  request: VerifyRequest,
): void {
  if (confirmation?.jkt !== undefined || isDpop) throw invalidToken('bound_to_a_key', OF_KEYS);
  if (confirmation === null) return;
  const given = Buffer.from(thumbprintOf(request) ?? '');
  const wanted = Buffer.from(confirmation['x5t#S256'] ?? 'none');
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw invalidToken('bound_to_another_certificate', OF_CERTIFICATES);
}

const OF_KEYS = 'Tokens bound to a key (DPoP) are not accepted by this service: ask for one that is not.';
const OF_CERTIFICATES =
  'This token is bound to a client certificate, and the connection to this service was opened without it.';

/** SHA-256 of the certificate's DER, base64url; null where the client has shown none. */
function thumbprintOf({ socket, raw }: VerifyRequest): string | null {
  const connection = (socket ?? raw?.socket) as TlsConnection | undefined;
  const der = connection?.getPeerCertificate?.()?.raw;
  return der ? createHash('sha256').update(der).digest('base64url') : null;
}
