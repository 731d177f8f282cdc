import type { IncomingHttpHeaders } from 'node:http';
import { AuthError } from '../../../kernel/auth-error.js';
import { readEnvoyHeader } from './envoy.js';
import { readNginxHeader } from './nginx.js';
import { readStandardHeader, readStandardList } from './standard.js';

/** The forms in which a proxy passes its client's certificate: RFC 9440, nginx's `$ssl_client_escaped_cert`, Envoy's XFCC. */
export const HEADER_FORMATS = ['rfc9440', 'nginx', 'envoy'] as const;

export type HeaderFormat = (typeof HEADER_FORMATS)[number];

const USUAL_NAME: Readonly<Record<HeaderFormat, string>> = {
  rfc9440: 'client-cert',
  nginx: 'x-ssl-client-cert',
  envoy: 'x-forwarded-client-cert',
};

/** Node takes 16 kB of headers; a chain of ECDSA certificates has 3. */
const MAX_CHARACTERS = 32_768;
/** More than any chain that is sent in earnest. */
const MAX_CERTIFICATES = 10;

/** Reads the certificate, and what the proxy adds of its chain, out of the headers of a trusted proxy. */
export class CertificateHeaders {
  private readonly name: string;

  constructor(
    private readonly format: HeaderFormat,
    name?: string,
  ) {
    this.name = name?.toLowerCase() ?? USUAL_NAME[format];
  }

  /** As it was sent; null when the proxy says nothing: its client showed no certificate. */
  textOf(headers: IncomingHttpHeaders): string | null {
    const text = one(headers[this.name]);
    if (text === '') return null;
    // A line break cannot be in a header, so it tells the two apart.
    return this.format === 'rfc9440' ? `${text}\n${one(headers['client-cert-chain'])}` : text;
  }

  /**
   * DER of the certificate, then of its chain. Nothing about them has been checked.
   *
   * @throws AuthError `unauthenticated` when it is not of the format
   */
  parseHeader(text: string): Buffer[] {
    const certificates = text.length > MAX_CHARACTERS ? null : this.parse(text);
    if (certificates && certificates.length > 0 && certificates.length <= MAX_CERTIFICATES) return certificates;
    throw new AuthError('unauthenticated', { reason: 'malformed_certificate_header' });
  }

  private parse(text: string): Buffer[] | null {
    if (this.format === 'nginx') return readNginxHeader(text);
    if (this.format === 'envoy') return readEnvoyHeader(text);
    const [leaf = '', chain = ''] = text.split('\n');
    const certificate = readStandardHeader(leaf);
    const others = readStandardList(chain);
    return certificate && others && [certificate, ...others];
  }
}

function one(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.join(', ') ?? '');
}
