import { unescapedPem } from './pem.js';

/**
 * `proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert;`: one certificate, URL-encoded PEM. nginx has no variable for the
 * rest of the chain: what stands between the certificate and the root must be in the anchor's file.
 */
export function readNginxHeader(text: string): Buffer[] | null {
  const certificates = unescapedPem(text);
  return certificates?.length === 1 ? certificates : null;
}
