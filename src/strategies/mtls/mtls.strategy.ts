import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import type { HttpRequest } from '../../access/http-exchange.js';
import type { Strategy, Ticket } from '../../access/strategy.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { AuthError } from '../../kernel/auth-error.js';
import { CertificateResolver } from './certificate-resolver.js';
import { ClientCertificates } from './client-certificates.js';

/** Recognises a request by its client's certificate, when it carries no other ticket. */
@Injectable()
export class MtlsStrategy extends PassportStrategy(passport.Strategy, 'mtls') implements Strategy {
  override readonly name = 'mtls';
  readonly judgesStanding = true;
  readonly isOfConnection = true;

  constructor(
    private readonly certificates: ClientCertificates,
    private readonly resolver: CertificateResolver,
  ) {
    super();
  }

  ticketsOf(request: HttpRequest): Ticket[] {
    const presented = this.certificates.certificateOf(request);
    return presented ? [{ value: presented.thumbprint, carrier: 'connection' }] : [];
  }

  override authenticate(request: object): void {
    let context: AuthContext | Promise<AuthContext>;
    try {
      context = this.validate(request as HttpRequest);
    } catch (error) {
      this.error(error);
      return;
    }
    // At once when nobody had to be asked: a promise would cost every request a detour.
    if (!(context instanceof Promise)) this.success(context);
    else
      context.then(
        (later) => this.success(later),
        (error) => this.error(error),
      );
  }

  /** @throws AuthError `unauthenticated`, `unavailable` */
  validate(request: HttpRequest): AuthContext | Promise<AuthContext> {
    const presented = this.certificates.certificateOf(request);
    if (!presented) throw new AuthError('unauthenticated', { reason: 'no_certificate' });
    return this.resolver.resolve(presented);
  }

  /** A throwaway: by its constructor a Nest strategy registers itself, by default with the whole process's Passport. */
  getPassportInstance(): passport.Authenticator {
    return new passport.Authenticator();
  }
}
