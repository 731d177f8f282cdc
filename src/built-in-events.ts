import type { adminEvents } from './admin/admin-events.js';
import type { credentialEvents } from './credentials/credential-events.js';
import type { connectionEvents } from './factors/federated/connections/connection-events.js';
import type { federatedEvents } from './factors/federated/federated-events.js';
import type { recheckEvents } from './factors/federated/recheck/recheck-events.js';
import type { mailboxEvents } from './factors/mailbox/mailbox-events.js';
import type { passkeyEvents } from './factors/passkey/passkey-events.js';
import type { passwordEvents } from './factors/password/password-events.js';
import type { recoveryCodeEvents } from './factors/recovery-code/recovery-code-events.js';
import type { followerEvents } from './followers/follower-events.js';
import type { keysEvents } from './keys/keys-events.js';
import type { limitEvents } from './limits/limit-events.js';
import type { lockoutEvents } from './lockout/lockout-events.js';
import type { loginEvents } from './login/login-events.js';
import type { mailEvents } from './mail/mail-events.js';
import type { clientEvents } from './oauth/clients/client-events.js';
import type { oauthGrantsEvents } from './oauth/grants/oauth-grants-events.js';
import type { oauthLogoutEvents } from './oauth/logout/oauth-logout-events.js';
import type { oauthProviderEvents } from './oauth/provider/oauth-provider-events.js';
import type { profileEvents } from './profile/profile-events.js';
import type { sessionEvents } from './sessions/session-events.js';
import type { apiKeyEvents } from './strategies/api-key/api-key-events.js';
import type { jwtEvents } from './strategies/jwt/jwt-events.js';
import type { mtlsEvents } from './strategies/mtls/mtls-events.js';
import type { usernamesEvents } from './usernames/usernames-events.js';
import type { userEvents } from './users/user-events.js';
import type { webhookEvents } from './webhooks/webhook-events.js';

/**
 * Types of events that Coatcheck itself records. Named here one by one, so that code which compiles against the package sees each feature's
 * addition to `AuditEvents`, which its declaration file makes only when it is read.
 */
export type BuiltInEventType =
  | keyof typeof adminEvents
  | keyof typeof apiKeyEvents
  | keyof typeof clientEvents
  | keyof typeof connectionEvents
  | keyof typeof credentialEvents
  | keyof typeof federatedEvents
  | keyof typeof jwtEvents
  | keyof typeof keysEvents
  | keyof typeof followerEvents
  | keyof typeof limitEvents
  | keyof typeof lockoutEvents
  | keyof typeof loginEvents
  | keyof typeof mailEvents
  | keyof typeof mailboxEvents
  | keyof typeof mtlsEvents
  | keyof typeof oauthGrantsEvents
  | keyof typeof oauthLogoutEvents
  | keyof typeof oauthProviderEvents
  | keyof typeof passkeyEvents
  | keyof typeof passwordEvents
  | keyof typeof profileEvents
  | keyof typeof recheckEvents
  | keyof typeof recoveryCodeEvents
  | keyof typeof sessionEvents
  | keyof typeof usernamesEvents
  | keyof typeof userEvents
  | keyof typeof webhookEvents;
