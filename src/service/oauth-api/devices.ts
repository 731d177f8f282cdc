import type { OAuthOperation } from './operation.js';
import {
  BY_CLIENT,
  FORM,
  json,
  NOT_NOW,
  object,
  refusal,
  seconds,
  TOO_MANY,
  text,
  UNKNOWN_CLIENT,
} from './operation-parts.js';

/** For devices without a browser. */
export const DEVICES: readonly OAuthOperation[] = [
  {
    path: '/oauth/device/authorize',
    method: 'post',
    id: 'authorizeDevice',
    summary: 'Ask for access for a device',
    description:
      'The user enters the code at `/oauth/device`; the device asks `POST /oauth/token` until then. RFC 8628.',
    security: BY_CLIENT,
    body: {
      type: FORM,
      schema: object({ client_id: text('Id of the client.'), scope: text('Scopes, separated by spaces.') }),
    },
    replies: {
      200: {
        description: 'The codes.',
        content: json(
          object(
            {
              device_code: text('For the device alone.'),
              user_code: text('For the user.', 'WDJB-MJHT'),
              verification_uri: text('Where the user enters it.'),
              verification_uri_complete: text('The same, with the code in it.'),
              expires_in: seconds('Lifetime of the codes, in seconds.', 600),
              interval: seconds('How often the device may ask, in seconds.', 5),
            },
            ['device_code', 'user_code', 'verification_uri', 'expires_in'],
          ),
          {
            device_code: 'iWqJ3Ftv4rXm0pY2lS8eN1bC6aD9gH5kT7uZxVwQoRs',
            user_code: 'WDJB-MJHT',
            verification_uri: 'https://auth.example.com/oauth/device',
            verification_uri_complete: 'https://auth.example.com/oauth/device?user_code=WDJB-MJHT',
            expires_in: 600,
            interval: 5,
          },
        ),
      },
      400: refusal(
        'The client may not do this.',
        'invalid_request',
        'urn:ietf:params:oauth:grant-type:device_code is not allowed for this client',
      ),
      401: UNKNOWN_CLIENT,
      429: TOO_MANY,
      503: NOT_NOW,
    },
  },
];
