/** A reply is data: as a page it may do nothing. Pages bring a policy of their own. */
const DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Swagger UI: its own scripts, and the styles it writes into the page. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const A_YEAR = 31_536_000;

/** Sets the headers of every reply of the service, errors and documents included. A route may set others. */
export class SecurityHeaders {
  private readonly common: Readonly<Record<string, string>>;

  /** @param isSecure whether the service is reached by https: only then browsers may be told never to come by http */
  constructor(isSecure: boolean) {
    this.common = {
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
      ...(isSecure ? { 'Strict-Transport-Security': `max-age=${A_YEAR}; includeSubDomains` } : {}),
    };
  }

  for(url: string): Readonly<Record<string, string>> {
    const isDocs = /^\/docs(\/|\?|$)/.test(url);
    return { ...this.common, 'Content-Security-Policy': isDocs ? DOCS_POLICY : DATA_POLICY };
  }
}
