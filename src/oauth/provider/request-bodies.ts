import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable } from '@nestjs/common';
import { OAuthReplies } from './oauth-replies.js';
import type { MountedRequest, OAuthRoute } from './oauth-routes.js';
import { BodyTooLarge, hasNul, MOST_BYTES, MOST_MOVED_BYTES, queryIn, readBody } from './request-body.js';

/** Reads what is sent to the provider, and refuses bodies that are too large or too deep to be read. */
@Injectable()
export class RequestBodies {
  constructor(private readonly replies: OAuthReplies) {}

  /** The body, empty where there is none; null: the request was answered here. */
  async read(
    request: IncomingMessage,
    response: ServerResponse,
    { requestId, path }: MountedRequest,
    route: OAuthRoute,
  ): Promise<Buffer | null> {
    const hasBody = route.body !== undefined && (request.method === 'POST' || request.method === 'PUT');
    const most = route.body === 'moved' ? MOST_MOVED_BYTES : MOST_BYTES;
    try {
      const body = hasBody ? await readBody(request, most) : Buffer.alloc(0);
      if (hasNul(request.url ?? '') || hasNul(body.toString('latin1'))) {
        const error_description = 'no parameter may contain NUL';
        this.replies.oauthError(response, 400, { error: 'invalid_request', error_description });
        return null;
      }
      if (!hasBody || route.body !== 'moved') return body;
      // A form of another site brings no Lax cookie; the same as GET does. RFC 9110 §15.4.4
      this.replies.seeOther(response, `${path}?${[queryIn(request.url), asQuery(body)].filter(Boolean).join('&')}`);
      return null;
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) throw error;
      // What is left of it is not waited for.
      response.setHeader('Connection', 'close');
      this.replies.problem(response, 'payload_too_large', requestId);
      return null;
    }
  }
}

/** The body as a query: characters that no header and no query may have are escaped, for they are no error, and none of ours. */
function asQuery(body: Buffer): string {
  return body
    .toString('latin1')
    .replace(/[^\x21\x24-\x7e]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`);
}
