import type { HttpRequest } from '../edge/http-exchange.js';

/** A certificate whose key the client has proven to hold. Whether it is trusted has not been checked. */
export interface ClientCertificate {
  readonly der: Buffer;
  /** RFC 8705 §3.1: SHA-256 of the DER, base64url (43 characters). */
  readonly thumbprint: string;
  /** DER of what was shown with it. */
  readonly chain: readonly Buffer[];
}

/**
 * The client's certificate, as far as tokens are bound to it. The strategy `mtls` provides one; without it no client has any.
 *
 * @see RFC 8705 §3
 */
export abstract class CertificateBinding {
  /** Whether tokens that are handed out from now on are bound. Those that were stay so. */
  abstract readonly isOn: boolean;

  /**
   * The certificate of this request's connection; null without one. Whether it is trusted does not matter to a token: one that was
   * bound to it is only ever used by the holder of its key.
   */
  abstract certificateOf(request: HttpRequest): ClientCertificate | null;

  /** Whether an anchor of the operator's vouches for the certificate, and has not taken it back. False where there are none. */
  async isVouchedFor(_certificate: ClientCertificate): Promise<boolean> {
    return false;
  }
}

/** No connection proves anything. */
export class NoCertificateBinding extends CertificateBinding {
  readonly isOn = false;

  certificateOf(): null {
    return null;
  }
}
