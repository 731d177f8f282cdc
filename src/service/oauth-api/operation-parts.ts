import type { OAuthOperation, OAuthReply } from './operation.js';

// What the operations of the provider are made of.

export const text = (description: string, example?: string) => ({
  type: 'string',
  description,
  ...(example !== undefined && { example }),
});
export const seconds = (description: string, example: number) => ({ type: 'integer', description, example });
export const object = (properties: Readonly<Record<string, object>>, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
});
export const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description });
export const FORM = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';
export const json = (schema: object, value: unknown) => ({ [JSON_TYPE]: { schema, examples: { usual: { value } } } });
export const PAGE = { 'text/html': { schema: { type: 'string', description: 'A page for people.' } } };

const ERROR = object(
  {
    error: text('Code of the error, RFC 6749 §5.2.', 'invalid_grant'),
    error_description: text('What is wrong, for developers.'),
  },
  ['error'],
);
export const refusal = (description: string, error: string, error_description: string): OAuthReply => ({
  description,
  content: json(ERROR, { error, error_description }),
});

export type Proofs = NonNullable<OAuthOperation['security']>;

export const BY_CLIENT: Proofs = [{ clientSecret: [] }, {}];
export const UNKNOWN_CLIENT = refusal(
  'The client did not prove itself; `WWW-Authenticate` asks it to.',
  'invalid_client',
  'client authentication failed',
);
export const UNREADABLE: OAuthReply = refusal(
  'A parameter contains NUL.',
  'invalid_request',
  'no parameter may contain NUL',
);
export const TOO_MANY: OAuthReply = refusal(
  'Too many requests; `Retry-After` says when to try again.',
  'slow_down',
  'too many requests; wait for Retry-After',
);
export const NOT_NOW: OAuthReply = refusal(
  'A store is out of reach; `Retry-After` says when to try again.',
  'temporarily_unavailable',
  'try again after the time given in Retry-After',
);
export const LOCATION = {
  Location: { description: 'Where the browser goes on.', schema: { type: 'string', format: 'uri' } },
};
