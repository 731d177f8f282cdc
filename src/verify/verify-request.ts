import type { IncomingHttpHeaders } from 'node:http';

/** What requests of plain Node, Express, Fastify and Nest have in common, as far as a verifier looks. */
export interface VerifyRequest {
  readonly method?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as received. */
  readonly rawHeaders?: readonly string[];
  /** Node's own request (Fastify). */
  readonly raw?: { readonly rawHeaders?: readonly string[]; readonly socket?: object };
  /** The connection: a token that is bound to a certificate is proven by the one that it was opened with. */
  readonly socket?: object;
}
