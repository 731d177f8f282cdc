import { constants } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ServerOptions } from 'node:https';

/** Options of a server, as {@link httpsOptions} returns them. */
export type HttpsOptions = Pick<
  ServerOptions,
  'cert' | 'key' | 'minVersion' | 'ca' | 'requestCert' | 'rejectUnauthorized' | 'secureOptions'
>;

/** Files in PEM. */
export interface TlsFiles {
  /** The server's certificate and its chain. */
  readonly cert: string;
  readonly key: string;
  /** CAs that clients are asked for certificates of; absent: they are not asked. */
  readonly clientCa?: string | undefined;
}

/**
 * Options for a server of Node's `https` that asks for client certificates and leaves the verdict to Coatcheck. For a host's own
 * application; the service does so by itself.
 *
 * @example
 * NestFactory.create(AppModule, new ExpressAdapter(), { httpsOptions: httpsOptions({ cert, key, clientCa }) });
 * @throws Error for files that cannot be read
 */
export function httpsOptions({ cert, key, clientCa }: TlsFiles): HttpsOptions {
  const identity = { cert: readFileSync(cert), key: readFileSync(key), minVersion: 'TLSv1.2' as const };
  if (clientCa === undefined) return identity;
  return {
    ...identity,
    ca: readFileSync(clientCa),
    requestCert: true,
    // Refused in the handshake, a client would learn nothing, and pages that need no certificate would be out of its reach.
    rejectUnauthorized: false,
    // A resumed session remembers the certificate but not what was shown with it, and no renegotiation may change either.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  };
}
