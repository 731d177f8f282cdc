import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../access/caller.js';
import { RegistrationEndpoint, type RegistrationReply } from '../clients/registration-endpoint.js';

const REGISTRATION = '/oauth/register';
/** Nothing that a browser adds by itself opens anything here: scripts of any origin may ask, as agents in a browser do. */
const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'WWW-Authenticate, Retry-After',
};
const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type',
  'Access-Control-Max-Age': '3600',
};

/** The part of a request that has been read. */
interface Carried {
  /** Folded. */
  readonly path: string;
  readonly requestId: string;
  readonly body: Buffer;
  readonly caller: Caller;
}

/** Carries requests to register clients past the library. */
@Injectable()
export class RegistrationRequests {
  constructor(private readonly endpoint: RegistrationEndpoint) {}

  /** Answers the question of a browser whether scripts of other origins may ask. */
  allow(response: ServerResponse): void {
    reply(response, { status: 204, headers: { ...CORS, ...PREFLIGHT }, body: null });
  }

  /** @throws AuthError `unavailable` */
  async answer(request: IncomingMessage, response: ServerResponse, { path, ...of }: Carried): Promise<void> {
    const { method = 'GET', headers } = request;
    const clientId = path === REGISTRATION ? null : path.slice(REGISTRATION.length + 1);
    const { authorization, 'content-type': contentType } = headers;
    const origin = { ip: of.caller.ip, userAgent: of.caller.userAgent, requestId: of.requestId };
    const said = await this.endpoint.answer({ method, clientId, authorization, contentType, body: of.body, origin });
    reply(response, { ...said, headers: { ...CORS, ...said.headers } });
  }
}

function reply(response: ServerResponse, { status, headers, body }: RegistrationReply): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.statusCode = status;
  if (body === null) return void response.end();
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
}
