import type { HttpRequest } from './http-exchange.js';

/**
 * The client's certificate, as far as tokens are bound to it. The strategy `mtls` provides one; without it no client has any.
 *
 * @see RFC 8705 §3
 */
export abstract class CertificateBinding {
  /** Whether tokens that are handed out from now on are bound. Those that were stay so. */
  abstract readonly isOn: boolean;

  /**
   * Of the certificate whose key the client has proven to hold on the connection of this request: SHA-256 of its DER,
   * base64url (43 characters). Null without one. Whether anybody trusts it has not been checked, and matters not: a token that
   * was bound to it is only ever used by the holder of its key.
   */
  abstract thumbprintOf(request: HttpRequest): string | null;
}

/** No connection proves anything. */
export class NoCertificateBinding extends CertificateBinding {
  readonly isOn = false;

  thumbprintOf(): null {
    return null;
  }
}
