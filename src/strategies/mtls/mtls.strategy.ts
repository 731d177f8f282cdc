import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import type { SecurityScheme } from '../../access/security-scheme.js';
import { type Ticket, TicketStrategy, type Verdict } from '../../access/ticket-strategy.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { MACHINE_SCHEMES } from '../../http/api-docs.js';
import { AuthError } from '../../kernel/auth-error.js';
import { CertificateResolver } from './certificate-resolver.js';
import { ClientCertificates } from './client-certificates.js';

/** Recognises a request by its client's certificate, when it carries no other ticket. */
@Injectable()
export class MtlsStrategy extends TicketStrategy {
  static override securitySchemes(): Readonly<Record<string, SecurityScheme>> {
    return { [MACHINE_SCHEMES.mtls]: { type: 'mutualTLS' } };
  }

  override readonly name = 'mtls';
  override readonly isOfConnection = true;
  /** A certificate is asked for by the handshake. */
  override readonly challenge = null;

  constructor(
    private readonly certificates: ClientCertificates,
    private readonly resolver: CertificateResolver,
  ) {
    super();
  }

  override ticketsOf(request: HttpRequest): readonly Ticket[] {
    const presented = this.certificates.certificateOf(request);
    return presented ? [{ value: presented.thumbprint, carrier: 'connection' }] : [];
  }

  override verify(_ticket: Ticket, { certificate }: Caller): Verdict | Promise<Verdict> {
    if (!certificate) throw new AuthError('unauthenticated', { reason: 'no_certificate' });
    return this.resolver.resolveCertificate(certificate);
  }
}
