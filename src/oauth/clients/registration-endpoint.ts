import { Injectable } from '@nestjs/common';
import type { RequestOrigin } from '../../access/request-origin.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { ClientRegistration, type RegisteredClient } from './client-registration.js';
import { RegistrationRefused } from './registration-refused.js';

/** A request to `/oauth/register` or `/oauth/register/:id`. */
export interface RegistrationRequest {
  readonly method: string;
  /** Null: a new client. */
  readonly clientId: string | null;
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
  /** The header `Content-Type`. */
  readonly contentType: string | undefined;
  readonly body: Buffer;
  readonly origin: RequestOrigin | null;
}

/** The JSON body of a reply; null: no body. */
export interface RegistrationReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> | null;
}

const MOST_TOKEN = 200;

/** The HTTP of client registration (RFC 7591, RFC 7592), in OAuth's form, whatever carries it. */
@Injectable()
export class RegistrationEndpoint {
  private readonly origin: string;

  constructor(
    private readonly registration: ClientRegistration,
    options: Options,
  ) {
    this.origin = new URL(options.of(coreOptions).publicUrl).origin;
  }

  /** @throws AuthError `unavailable`; what a client sends is never the server's error */
  async answer(request: RegistrationRequest): Promise<RegistrationReply> {
    try {
      return await this.answerRightly(request);
    } catch (error) {
      if (!(error instanceof RegistrationRefused)) throw error;
      const headers: Record<string, string> =
        error.status === 401 ? { 'WWW-Authenticate': 'Bearer realm="coatcheck", error="invalid_token"' } : {};
      return { status: error.status, headers, body: { error: error.error, error_description: error.description } };
    }
  }

  private async answerRightly(request: RegistrationRequest): Promise<RegistrationReply> {
    const { method, clientId, origin } = request;
    const token = bearerIn(request.authorization);
    if (clientId === null) {
      const made = await this.registration.register(jsonIn(request), token, origin);
      return { status: 201, headers: {}, body: this.described(made, null) };
    }
    if (method === 'DELETE') {
      await this.registration.remove(clientId, token, origin);
      return { status: 204, headers: {}, body: null };
    }
    const found =
      method === 'PUT'
        ? await this.registration.change(clientId, token, jsonIn(request), origin)
        : await this.registration.read(clientId, token);
    return { status: 200, headers: {}, body: this.described(found, token) };
  }

  /** RFC 7591 §3.2.1. Its secret is told only when it is new: it is not known afterwards. */
  private described(registered: RegisteredClient, token: string | null): Readonly<Record<string, unknown>> {
    const { client, oidcScopes, clientSecret, registrationToken = token } = registered;
    const scope = [...oidcScopes, ...(client.scopes ?? [])].join(' ');
    return {
      client_id: client.id,
      client_id_issued_at: Math.floor(client.createdAt.getTime() / 1000),
      client_name: client.name,
      ...client.metadata,
      ...(scope !== '' && { scope }),
      ...(clientSecret !== undefined && { client_secret: clientSecret, client_secret_expires_at: 0 }),
      registration_access_token: registrationToken,
      registration_client_uri: `${this.origin}/oauth/register/${client.id}`,
    };
  }
}

/** RFC 6750 §2.1. */
function bearerIn(authorization: string | undefined): string | null {
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization ?? '') ?? [];
  return token !== undefined && token.length <= MOST_TOKEN ? token : null;
}

function jsonIn({ contentType, body }: RegistrationRequest): unknown {
  const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
  if (type !== 'application/json')
    throw new RegistrationRefused(400, 'invalid_request', 'the body must be sent as application/json');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new RegistrationRefused(400, 'invalid_request', 'the body must be JSON in UTF-8');
  }
}
