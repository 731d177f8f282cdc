import { AUTHORIZATION } from './oauth-api/authorization.js';
import { DEVICES } from './oauth-api/devices.js';
import { DISCOVERY } from './oauth-api/discovery.js';
import { LOGOUT } from './oauth-api/logout.js';
import type { OAuthOperation } from './oauth-api/operation.js';
import { REGISTRATION } from './oauth-api/registration.js';
import { TOKEN_STATE } from './oauth-api/token-state.js';
import { TOKENS } from './oauth-api/tokens.js';

/** In the order of a login. */
export const OAUTH_OPERATIONS: readonly OAuthOperation[] = [
  ...DISCOVERY,
  ...AUTHORIZATION,
  ...TOKENS,
  ...TOKEN_STATE,
  ...DEVICES,
  ...LOGOUT,
  ...REGISTRATION,
];
