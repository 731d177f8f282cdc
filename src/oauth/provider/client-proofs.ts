import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Name, X509Certificate as ParsedCertificate, SubjectAlternativeNameExtension } from '@peculiar/x509';
import { CertificateBinding, type ClientCertificate } from '../../access/certificate-binding.js';
import { AuthError } from '../../kernel/auth-error.js';
import { asHttpRequest } from './raw-request.js';

/** The certificate that a client shows at its connection. */
export interface ShownCertificate {
  readonly certificate: X509Certificate;
  /** Whether an anchor of ours vouches for it. */
  readonly isTrusted: boolean;
}

/** RFC 8705 §2.1.2: by which of its names a client is known. */
export type SubjectProperty =
  | 'tls_client_auth_subject_dn'
  | 'tls_client_auth_san_dns'
  | 'tls_client_auth_san_uri'
  | (string & {});

const NAMES: Readonly<Record<string, string>> = { tls_client_auth_san_dns: 'dns', tls_client_auth_san_uri: 'url' };

/** Clients that prove themselves by a certificate, RFC 8705. */
@Injectable()
export class ClientProofs {
  constructor(private readonly binding: CertificateBinding) {}

  /** Null when none is shown. @throws AuthError `unauthenticated` for what is no certificate */
  async shown(request: IncomingMessage): Promise<ShownCertificate | null> {
    const presented: ClientCertificate | null = this.binding.certificateOf(asHttpRequest(request));
    if (presented === null) return null;
    return { certificate: read(presented.der), isTrusted: await this.binding.isVouchedFor(presented) };
  }

  /** Whether the certificate has exactly this name. */
  isNamed({ certificate }: ShownCertificate, property: SubjectProperty, expected: string): boolean {
    const parsed = new ParsedCertificate(certificate.raw);
    if (property === 'tls_client_auth_subject_dn') return isSameName(parsed.subject, expected);
    const type = NAMES[property];
    const names = parsed.getExtension(SubjectAlternativeNameExtension)?.names.items ?? [];
    return type !== undefined && names.some((name) => name.type === type && name.value === expected);
  }
}

function read(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new AuthError('unauthenticated', { reason: 'certificate_malformed', cause });
  }
}

/** Written either way round: RFC 4514 begins with the last part, many tools with the first. */
function isSameName(subject: string, expected: string): boolean {
  try {
    const wanted = new Name(expected).toJSON();
    const actual = JSON.stringify(new Name(subject).toJSON());
    return actual === JSON.stringify(wanted) || actual === JSON.stringify([...wanted].reverse());
  } catch {
    return false;
  }
}
