import type { OAuthOperation } from './oauth-api/operation.js';
import { OAUTH_OPERATIONS } from './oauth-operations.js';

const TAGS = ['OAuth'];

/** Ways in which clients prove themselves, and the tokens of userinfo, by their names in the document. */
export const OAUTH_SCHEMES = {
  clientSecret: { type: 'http', scheme: 'basic', description: 'Id and secret of a client (RFC 6749 §2.3.1).' },
  clientAccessToken: { type: 'http', scheme: 'bearer', description: 'An access token that a client was issued.' },
} as const;

/**
 * The provider's routes for the API document: they are the library's and no routes of the framework. Each example of a reply was given to the
 * example of its request; a test asks again.
 *
 * @param hasRegistration whether clients may register themselves
 */
export function oauthPaths(hasRegistration: boolean): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OAUTH_OPERATIONS) {
    if (operation.isOfRegistration && !hasRegistration) continue;
    paths[operation.path] = { ...paths[operation.path], [operation.method]: described(operation) };
  }
  return paths;
}

function described({ id, summary, description, security = [], parameters, body, replies }: OAuthOperation): object {
  return {
    operationId: id,
    summary,
    ...(description && { description }),
    tags: TAGS,
    security,
    ...(parameters && { parameters: parameters.map((one) => ({ in: 'query', schema: { type: 'string' }, ...one })) }),
    ...(body && { requestBody: { required: true, content: { [body.type]: { schema: body.schema } } } }),
    responses: Object.fromEntries(
      Object.entries(replies).map(([status, { description: said, headers, content }]) => [
        status,
        { description: said, ...(headers && { headers }), ...(content && { content }) },
      ]),
    ),
  };
}
