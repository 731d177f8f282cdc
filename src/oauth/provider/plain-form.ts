import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import { Injectable } from '@nestjs/common';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClients } from '../clients/oauth-clients.js';

/** A form of a client that has proven itself by its secret, in the header. */
export interface PlainForm {
  readonly client: OAuthClient;
  /** Each there once, and not empty. */
  readonly fields: Readonly<Record<string, string>>;
}

const FORM = 'application/x-www-form-urlencoded';
/** With any of these there is more to look at. */
const TELLING_HEADERS = ['origin', 'dpop', 'oauth-client-attestation', 'oauth-client-attestation-pop'] as const;
const BY_SECRET: readonly unknown[] = ['client_secret_basic', 'client_secret_post', undefined];
/** Metadata by which tokens are bound to more than their holder. */
const BINDING = ['dpop_bound_access_tokens', 'tls_client_certificate_bound_access_tokens'] as const;
const CREDENTIALS = /^Basic ([A-Za-z0-9+/]+={0,2})$/;
/** The characters that stand for themselves in a form, so that no decoder could read them otherwise. */
const UNESCAPED = /^[A-Za-z0-9._~:/-]+$/;

/** Reads the forms that machines send by the thousand, so that they cost no more than they say. */
@Injectable()
export class PlainForms {
  constructor(private readonly clients: OAuthClients) {}

  /**
   * Null for whatever is out of the ordinary: a proof that is not right, another kind of it, a field too many, a header of consequence. What is
   * to be said of it is the library's to say.
   *
   * @param known the only fields it may have
   */
  async read(request: IncomingMessage, body: Buffer, known: ReadonlySet<string>): Promise<PlainForm | null> {
    const { headers, url = '' } = request;
    if (headers['content-type'] !== FORM || url.includes('?')) return null;
    if (TELLING_HEADERS.some((name) => headers[name] !== undefined)) return null;
    const given = credentialsIn(headers.authorization);
    const fields = given && fieldsIn(body, known);
    if (!fields) return null;
    const client = await this.clients.find(given.id);
    if (!client || !provesItselfBySecret(client) || !this.clients.isSecretRight(client, given.secret)) return null;
    return { client, fields };
  }
}

function provesItselfBySecret({ metadata }: OAuthClient): boolean {
  return BY_SECRET.includes(metadata.token_endpoint_auth_method) && BINDING.every((flag) => metadata[flag] !== true);
}

/** RFC 6749 §2.3.1, where nothing in it is escaped. */
function credentialsIn(header: string | undefined): { readonly id: string; readonly secret: string } | null {
  const encoded = CREDENTIALS.exec(header ?? '')?.[1];
  if (encoded === undefined) return null;
  const bytes = Buffer.from(encoded, 'base64');
  // One spelling only.
  if (bytes.toString('base64') !== encoded) return null;
  const text = bytes.toString('latin1');
  const colon = text.indexOf(':');
  const [id, secret] = [text.slice(0, colon), text.slice(colon + 1)];
  return colon > 0 && UNESCAPED.test(id) && UNESCAPED.test(secret) ? { id, secret } : null;
}

/** By the reader that the library has, but where nothing is escaped: it goes letter by letter, and a JWT has many. */
function fieldsIn(body: Buffer, known: ReadonlySet<string>): Readonly<Record<string, string>> | null {
  const text = body.toString();
  const isEscaped = text.includes('%') || text.includes('+');
  const fields: Record<string, string> = {};
  for (const [name, value] of isEscaped ? Object.entries(parse(text)) : pairsIn(text)) {
    if (!known.has(name) || typeof value !== 'string' || value === '' || name in fields) return null;
    fields[name] = value;
  }
  return fields;
}

/** Of a form in which nothing is escaped. */
function pairsIn(text: string): [name: string, value: string][] {
  const pairs = text.split('&').filter((pair) => pair !== '');
  return pairs.map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
  });
}
