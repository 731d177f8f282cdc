import { hash } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CertificateBinding, type ClientCertificate } from '../../access/certificate-binding.js';
import { TrustedProxies } from '../../access/trusted-proxies.js';
import { type CoreOptions, coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { AuthError } from '../../kernel/auth-error.js';
import { CertificateVerifier } from './certificate-verifier.js';
import { CertificateHeaders } from './headers/certificate-headers.js';
import { mtlsOptions, readsCertificates } from './mtls-options.js';

/** Proxies send the same few texts again and again; each is some kB. */
const REMEMBERED = 1_000;
/** More than any chain that is sent in earnest. */
const MAX_CHAIN = 10;

/**
 * Which certificate a request comes with: the one of its connection, or the one that a trusted proxy tells of. What any other client
 * writes into that header is not even read; and a proxy's own certificate is not its clients'.
 */
@Injectable()
export class ClientCertificates extends CertificateBinding {
  readonly isOn: boolean;
  private readonly areRead: boolean;
  private readonly headers: CertificateHeaders | null;
  /** A connection has one certificate for as long as it lasts. */
  private readonly ofConnections = new WeakMap<object, ClientCertificate | null>();
  private readonly ofHeaders = new LRUCache<string, ClientCertificate>({ max: REMEMBERED });

  constructor(
    private readonly proxies: TrustedProxies,
    private readonly verifier: CertificateVerifier,
    options: Options,
  ) {
    super();
    const { mtlsHeader, mtlsHeaderName, mtlsBindTokens } = options.of(mtlsOptions);
    const { authStrategies } = options.of<CoreOptions>(coreOptions);
    this.isOn = mtlsBindTokens;
    this.areRead = readsCertificates({ authStrategies, mtlsBindTokens });
    this.headers = mtlsHeader === 'none' ? null : new CertificateHeaders(mtlsHeader, mtlsHeaderName);
  }

  /** Null when the client has shown none. @throws AuthError `unauthenticated` for what a trusted proxy garbles */
  override certificateOf(request: HttpRequest): ClientCertificate | null {
    if (!this.areRead) return null;
    if (this.headers && this.proxies.sent(request)) return this.ofHeader(this.headers, request);
    const { socket } = request;
    return socket instanceof TLSSocket ? this.ofConnection(socket) : null;
  }

  override async isVouchedFor(certificate: ClientCertificate): Promise<boolean> {
    try {
      await this.verifier.verify(certificate);
      return true;
    } catch (error) {
      if (error instanceof AuthError && error.status === 401) return false;
      throw error;
    }
  }

  private ofHeader(headers: CertificateHeaders, request: HttpRequest): ClientCertificate | null {
    const text = headers.textOf(request.headers);
    if (text === null) return null;
    const known = this.ofHeaders.get(text);
    if (known) return known;
    const [der, ...chain] = headers.parseHeader(text);
    const presented = { der: der!, thumbprint: hash('sha256', der!, 'base64url'), chain };
    this.ofHeaders.set(text, presented);
    return presented;
  }

  private ofConnection(socket: TLSSocket): ClientCertificate | null {
    const known = this.ofConnections.get(socket);
    if (known !== undefined) return known;
    // In TLS 1.2 a client could show another one later on.
    socket.disableRenegotiation();
    const presented = presentedOn(socket);
    this.ofConnections.set(socket, presented);
    return presented;
  }
}

function presentedOn(socket: TLSSocket): ClientCertificate | null {
  // Once a connection: Node gives what was shown with the certificate to the first caller only.
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return null;
  const chain: Buffer[] = [];
  for (
    let issuer = certificate.issuerCertificate;
    issuer && chain.length < MAX_CHAIN;
    issuer = issuer.issuerCertificate
  ) {
    chain.push(issuer.raw);
  }
  return { der: certificate.raw, thumbprint: hash('sha256', certificate.raw, 'base64url'), chain };
}
