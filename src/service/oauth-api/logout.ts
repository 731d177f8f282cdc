import type { OAuthOperation, OAuthParameter } from './operation.js';
import { FORM, LOCATION, NOT_NOW, object, PAGE, TOO_MANY, text } from './operation-parts.js';

const LOGOUT_QUERY: readonly OAuthParameter[] = [
  { name: 'id_token_hint', description: 'An ID token of the session; it may have expired.' },
  { name: 'client_id', description: 'Id of the client.' },
  {
    name: 'post_logout_redirect_uri',
    description: 'One of those that the client has registered, compared exactly.',
  },
  { name: 'state', description: 'Returned as it is.' },
];

/** For browsers that leave. */
export const LOGOUT: readonly OAuthOperation[] = [
  {
    path: '/oauth/logout',
    method: 'get',
    id: 'logOutFromClient',
    summary: 'Sign out, and go back to the client',
    description:
      'For browsers: asks the user, ends the session with all that hangs on it, then goes on to the client. OpenID Connect RP-Initiated Logout 1.0.',
    parameters: LOGOUT_QUERY,
    replies: {
      200: { description: 'A page that asks.', content: PAGE },
      400: { description: 'A request that cannot be answered.', content: PAGE },
      429: TOO_MANY,
      503: NOT_NOW,
    },
  },
  {
    path: '/oauth/logout',
    method: 'post',
    id: 'logOutFromClientByForm',
    summary: 'Sign out by a form, and go back to the client',
    body: {
      type: FORM,
      schema: object(Object.fromEntries(LOGOUT_QUERY.map(({ name, description }) => [name, text(description)]))),
    },
    replies: {
      303: { description: 'To the same as `GET`.', headers: LOCATION },
      default: { description: 'As `GET`.', content: PAGE },
    },
  },
];
