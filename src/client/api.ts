// Generated from the OpenAPI document by `npm run docs`. Do not edit it by hand.

export interface paths {
  "/admin/keys/rotate": {
    /** Rotate the signing key */
    post: operations["rotateSigningKeys"];
  };
  "/auth/me": {
    /** Read the current user */
    get: operations["readMe"];
    /** Delete my account */
    delete: operations["deleteMe"];
    /** Change my name and language */
    patch: operations["changeMe"];
  };
  "/auth/sessions": {
    /** List my sessions */
    get: operations["listSessions"];
  };
  "/auth/sessions/{id}": {
    /** End one of my sessions */
    delete: operations["endSession"];
  };
  "/auth/logout": {
    /** Log out */
    post: operations["logout"];
  };
  "/auth/logout-all": {
    /** Log out everywhere */
    post: operations["logoutAll"];
  };
  "/auth/username": {
    /** Read my username */
    get: operations["readUsername"];
    /** Choose a username */
    put: operations["chooseUsername"];
    /** Give up my username */
    delete: operations["removeUsername"];
  };
  "/auth/email/verify": {
    /** Page that a verification link opens */
    get: operations["showVerificationPage"];
    /** Verify an e-mail address */
    post: operations["verifyEmail"];
  };
  "/auth/email/verification": {
    /** Send another verification link */
    post: operations["sendVerification"];
  };
  "/auth/devices": {
    /** List the browsers I have logged in from */
    get: operations["listDevices"];
  };
  "/auth/devices/{id}": {
    /** Forget a browser */
    delete: operations["forgetDevice"];
  };
  "/auth/unlock": {
    /** Page that an unlock link opens */
    get: operations["showUnlockPage"];
    /** Unlock an account */
    post: operations["unlock"];
  };
  "/auth/step-up": {
    /** Prove my identity again */
    post: operations["stepUp"];
  };
  "/auth/factors": {
    /** List my factors */
    get: operations["listFactors"];
  };
  "/auth/login": {
    /** Log in with a password */
    post: operations["login"];
  };
  "/auth/login/factor": {
    /** Continue a login with a second factor */
    post: operations["proveFactor"];
  };
  "/auth/email/change": {
    /** Request a change of e-mail address */
    post: operations["changeEmail"];
  };
  "/auth/email/change/confirm": {
    /** Page that the link to the new address opens */
    get: operations["showEmailChangePage"];
    /** Confirm the new e-mail address */
    post: operations["confirmEmailChange"];
  };
  "/auth/email/change/undo": {
    /** Page that the link to the old address opens */
    get: operations["showEmailChangeUndoPage"];
    /** Undo a change of e-mail address */
    post: operations["undoEmailChange"];
  };
  "/auth/security/not-me": {
    /** Page that a “this was not me” link opens */
    get: operations["showNotMePage"];
    /** Report an unauthorized change to an account */
    post: operations["disown"];
  };
  "/auth/me/export": {
    /** Download my data */
    get: operations["exportMyData"];
  };
  "/auth/me/log": {
    /** Read my security log */
    get: operations["readMyLog"];
  };
  "/admin/webhooks": {
    /** List the webhooks */
    get: operations["listWebhooks"];
  };
  "/admin/webhooks/test": {
    /** Send a test to a webhook */
    post: operations["testWebhook"];
  };
  "/admin/webhooks/dead-letters": {
    /** List events that could not be delivered to a webhook */
    get: operations["listDeadLetters"];
  };
  "/admin/webhooks/dead-letters/revive": {
    /** Retry the undelivered events of a webhook */
    post: operations["reviveDeadLetters"];
  };
  "/auth/followers/look-ups": {
    /** Judge a ticket that was shown to another service */
    post: operations["lookUpTicket"];
  };
  "/auth/followers": {
    /** Follow revocations */
    post: operations["followRevocations"];
  };
  "/auth/followers/{id}": {
    /** Renew a lease, or acknowledge revocations */
    put: operations["renewLease"];
    /** End a lease */
    delete: operations["endLease"];
  };
  "/admin/users": {
    /** List users */
    get: operations["listUsers"];
    /** Create a user */
    post: operations["createUser"];
  };
  "/admin/users/{id}": {
    /** Read a user */
    get: operations["readUser"];
    /** Delete a user */
    delete: operations["deleteUser"];
    /** Change a user */
    patch: operations["changeUser"];
  };
  "/admin/users/{id}/roles": {
    /** Set the roles of a user */
    put: operations["setRoles"];
  };
  "/admin/users/{id}/ban": {
    /** Ban a user */
    post: operations["banUser"];
  };
  "/admin/users/{id}/unban": {
    /** Lift a ban */
    post: operations["unbanUser"];
  };
  "/admin/users/{id}/unlock": {
    /** Unlock a user */
    post: operations["unlockUser"];
  };
  "/admin/users/{id}/logout": {
    /** Log a user out */
    post: operations["logOutUser"];
  };
  "/admin/users/{id}/password-reset": {
    /** Send a password reset link to a user */
    post: operations["mailPasswordReset"];
  };
  "/admin/users/{id}/factor-reset": {
    /** Remove all second factors of a user */
    post: operations["resetFactors"];
  };
  "/admin/users/{id}/impersonate": {
    /** Act as a user */
    post: operations["impersonateUser"];
  };
  "/admin/users/{id}/sessions": {
    /** List the sessions of a user */
    get: operations["listUserSessions"];
  };
  "/admin/sessions": {
    /** List all live sessions */
    get: operations["listAllSessions"];
  };
  "/admin/sessions/{id}": {
    /** End any session */
    delete: operations["endAnySession"];
  };
  "/admin/revoke-all": {
    /** End all sessions and API keys */
    post: operations["revokeAll"];
  };
  "/admin/audit": {
    /** List audit events */
    get: operations["readAudit"];
  };
  "/admin/bootstrap": {
    /** Create the first admin */
    post: operations["createFirstAdmin"];
  };
  "/admin/invitations": {
    /** List open invitations */
    get: operations["listInvitations"];
    /** Invite a person */
    post: operations["invite"];
  };
  "/admin/invitations/{id}": {
    /** Withdraw an invitation */
    delete: operations["withdrawInvitation"];
  };
  "/auth/invitation": {
    /** Page that a mailed invitation opens */
    get: operations["showInvitationPage"];
    /** Accept an invitation */
    post: operations["acceptInvitation"];
  };
  "/auth/register": {
    /** Register */
    post: operations["register"];
  };
  "/auth/password/forgot": {
    /** Request a password reset link */
    post: operations["forgotPassword"];
  };
  "/auth/password/reset": {
    /** Page that a mailed reset link opens */
    get: operations["showResetPage"];
    /** Reset the password */
    post: operations["resetPassword"];
  };
  "/auth/password/change": {
    /** Change the password */
    post: operations["changePassword"];
  };
  "/admin/import": {
    /** Import users with password hashes of another system */
    post: operations["importUsers"];
  };
  "/auth/factors/totp": {
    /** Set up an authenticator app */
    post: operations["beginTotp"];
    /** Remove the authenticator app */
    delete: operations["removeTotp"];
  };
  "/auth/factors/totp/confirm": {
    /** Confirm an authenticator app */
    post: operations["confirmTotp"];
  };
  "/auth/factors/recovery-codes": {
    /** Create new recovery codes */
    post: operations["renewRecoveryCodes"];
  };
  "/auth/factors/passkeys/options": {
    /** Start the registration of a passkey */
    post: operations["createPasskeyOptions"];
  };
  "/auth/factors/passkeys": {
    /** List my passkeys */
    get: operations["listPasskeys"];
    /** Register a passkey */
    post: operations["registerPasskey"];
  };
  "/auth/factors/passkeys/{id}": {
    /** Remove one of my passkeys */
    delete: operations["removePasskey"];
    /** Rename one of my passkeys */
    patch: operations["renamePasskey"];
  };
  "/auth/login/passkey/options": {
    /** Start a login with a passkey */
    post: operations["createPasskeyLoginOptions"];
  };
  "/auth/login/passkey": {
    /** Log in with a passkey */
    post: operations["logInByPasskey"];
  };
  "/auth/step-up/passkey/options": {
    /** Start a step-up with a passkey */
    post: operations["createPasskeyStepUpOptions"];
  };
  "/auth/login/mailbox/send": {
    /** Request a link or code to log in with */
    post: operations["sendLoginMail"];
  };
  "/auth/login/mailbox": {
    /** Page that a sign-in link opens */
    get: operations["showMailboxLinkPage"];
    /** Log in with a link or code */
    post: operations["logInByMailbox"];
  };
  "/auth/login/federated": {
    /** Start a login with an outside provider */
    post: operations["startFederatedLogin"];
  };
  "/auth/federated/{slug}/callback": {
    /** Take the answer of an outside provider */
    get: operations["finishFederatedFlow"];
    /** Take the answer of an outside provider that posts it */
    post: operations["passFederatedAnswer"];
  };
  "/auth/step-up/federated": {
    /** Start a step-up with an outside provider */
    post: operations["startFederatedStepUp"];
  };
  "/auth/identities": {
    /** List my linked logins */
    get: operations["listIdentities"];
    /** Start to link a login with an outside provider */
    post: operations["linkIdentity"];
  };
  "/auth/identities/{id}": {
    /** Remove one of my linked logins */
    delete: operations["unlinkIdentity"];
  };
  "/auth/federated/{slug}/logout": {
    /** Take the logout of an outside provider */
    post: operations["logOutByProvider"];
  };
  "/admin/connections": {
    /** List connections to outside providers */
    get: operations["listConnections"];
    /** Create a connection to an outside provider */
    post: operations["createConnection"];
  };
  "/admin/connections/{id}": {
    /** Read a connection to an outside provider */
    get: operations["readConnection"];
    /** Delete a connection to an outside provider */
    delete: operations["deleteConnection"];
    /** Change a connection to an outside provider */
    patch: operations["changeConnection"];
  };
  "/admin/connections/{id}/domains": {
    /** Add a domain to a connection */
    post: operations["addConnectionDomain"];
  };
  "/admin/connections/{id}/domains/{domain}": {
    /** Remove a domain from a connection */
    delete: operations["removeConnectionDomain"];
  };
  "/auth/refresh": {
    /** Exchange a refresh token for new tokens */
    post: operations["refreshTokens"];
  };
  "/auth/api-keys": {
    /** List my API keys */
    get: operations["listApiKeys"];
    /** Create an API key */
    post: operations["createApiKey"];
  };
  "/auth/api-keys/{id}/usage": {
    /** Read the usage of one of my API keys */
    get: operations["readApiKeyUsage"];
  };
  "/auth/api-keys/{id}/rotate": {
    /** Rotate one of my API keys */
    post: operations["rotateApiKey"];
  };
  "/auth/api-keys/{id}": {
    /** Revoke one of my API keys */
    delete: operations["revokeApiKey"];
  };
  "/admin/users/{userId}/api-keys": {
    /** List the API keys of a user */
    get: operations["listUserApiKeys"];
    /** Create an API key for a service user */
    post: operations["createUserApiKey"];
  };
  "/admin/users/{userId}/api-keys/{id}/usage": {
    /** Read the usage of an API key of a user */
    get: operations["readUserApiKeyUsage"];
  };
  "/admin/users/{userId}/api-keys/{id}/rotate": {
    /** Rotate an API key of a service user */
    post: operations["rotateUserApiKey"];
  };
  "/admin/users/{userId}/api-keys/{id}": {
    /** Revoke an API key of a user */
    delete: operations["revokeUserApiKey"];
  };
  "/admin/users/{id}/certificates": {
    /** List the certificates of a service user */
    get: operations["listCertificates"];
  };
  "/admin/users/{id}/certificates/revoke": {
    /** Revoke a certificate */
    post: operations["revokeCertificate"];
  };
  "/admin/users/{id}/certificate-names": {
    /** List the certificate names of a service user */
    get: operations["listCertificateNames"];
    /** Assign a certificate name to a service user */
    post: operations["addCertificateName"];
  };
  "/admin/users/{id}/certificate-names/{nameId}": {
    /** Remove a certificate name from a service user */
    delete: operations["removeCertificateName"];
  };
  "/admin/clients": {
    /** List OAuth clients */
    get: operations["listClients"];
    /** Create an OAuth client */
    post: operations["createClient"];
  };
  "/admin/clients/{id}": {
    /** Read an OAuth client */
    get: operations["readClient"];
    /** Delete an OAuth client */
    delete: operations["deleteClient"];
    /** Change an OAuth client */
    patch: operations["changeClient"];
  };
  "/admin/clients/{id}/secret": {
    /** Renew the secret of an OAuth client */
    post: operations["renewClientSecret"];
  };
  "/admin/registration-tokens": {
    /** List the tokens that let OAuth clients register */
    get: operations["listRegistrationTokens"];
    /** Create a token that lets OAuth clients register */
    post: operations["createRegistrationToken"];
  };
  "/admin/registration-tokens/{id}": {
    /** Delete a token that lets OAuth clients register */
    delete: operations["deleteRegistrationToken"];
  };
  "/admin/resources": {
    /** List the resources that tokens are issued for */
    get: operations["listResources"];
  };
  "/admin/resources/{uri}": {
    /** Read a resource */
    get: operations["readResource"];
    /** Describe a resource */
    put: operations["saveResource"];
    /** Delete a resource */
    delete: operations["deleteResource"];
  };
  "/auth/grants": {
    /** List the applications that have access to my account */
    get: operations["listGrants"];
  };
  "/auth/grants/{id}": {
    /** End what an application may do */
    delete: operations["endGrant"];
  };
  "/auth/consents/{clientId}": {
    /** Withdraw a consent */
    delete: operations["withdrawConsent"];
  };
  "/admin/users/{id}/grants": {
    /** List the applications that have access to the account of a user */
    get: operations["listUserGrants"];
  };
  "/admin/logout-notices": {
    /** List what OAuth clients were not told of the end of sessions */
    get: operations["listLogoutNotices"];
  };
  "/admin/logout-notices/revive": {
    /** Tell an OAuth client again of the end of sessions */
    post: operations["reviveLogoutNotices"];
  };
}
export interface components {
  schemas: {
    ProblemField: {
      /**
      * @description Dotted path of the invalid field.
      * @example email
      */
      field: string;
      /**
      * @description Name of the violated rule.
      * @example isEmailAddress
      */
      rule: string;
      /**
      * @description Explanation for people.
      * @example email must be an e-mail address
      */
      message: string;
    };
    StepUpField: {
      /**
      * @description Maximum age of the last proof of identity, in seconds.
      * @example 300
      */
      maxAgeSeconds: number;
      /**
      * @description Authentication methods that must all have been used, RFC 8176.
      * @example [
      *       "pwd"
      *     ]
      */
      amr: string[];
    };
    ProblemDetails: {
      /**
      * @description Stable URN of the code.
      * @example urn:coatcheck:problem:unauthenticated
      */
      type: string;
      /**
      * @description Short title for people.
      * @example Not logged in
      */
      title: string;
      /**
      * @description HTTP status.
      * @example 401
      */
      status: number;
      /**
      * @description Stable code; clients should act on it only.
      * @enum {string}
      */
      code: "validation_failed" | "invalid_token" | "invalid_credentials" | "unauthenticated" | "token_expired" | "session_ended" | "email_unverified" | "user_banned" | "forbidden" | "csrf_rejected" | "step_up_required" | "not_found" | "method_not_allowed" | "conflict" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "internal_error" | "unavailable";
      /**
      * @description Explanation for people.
      * @example This route requires a valid session, token, API key or certificate.
      */
      detail: string;
      /** @description Id of the request, as in `X-Request-Id` and in the log. */
      requestId: string;
      /** @description Invalid fields; only with `validation_failed`. */
      errors?: components["schemas"]["ProblemField"][];
      /** @description Required login; only with `step_up_required`. */
      stepUp?: components["schemas"]["StepUpField"];
    };
    RotationRequest: {
      /**
      * @description Set it if a key may have leaked: tokens of older keys are no longer accepted.
      * @example true
      */
      now?: boolean;
    };
    UserReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /**
      * Format: email
      * @description Normalized address; null for a service user.
      * @example ada@example.com
      */
      email: string | null;
      /**
      * @description Whether the address is verified.
      * @example true
      */
      emailVerified: boolean;
      /**
      * @description Display name, as the user entered it.
      * @example Ada Lovelace
      */
      name: string | null;
      /**
      * @description Language that the user has chosen for pages and e-mails. Absent: none.
      * @example de
      */
      language?: string;
      /**
      * @description Roles, e.g. `admin`.
      * @example []
      */
      roles: string[];
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
    };
    SessionReply: {
      /**
      * @description Random UUID (version 4). With a credential of a machine: what identifies that.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11
      */
      id: string;
      /**
      * @description Strategy that authenticates its requests.
      * @example session
      */
      strategy: string;
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time of its last use, RFC 3339, UTC; up to a minute old.
      * @example 2026-11-21T09:05:00.000Z
      */
      lastSeenAt: string;
      /**
      * Format: date-time
      * @description Time at which the session expires if it is not used. Use extends it, up to the absolute limit.
      * @example 2026-11-28T09:05:00.000Z
      */
      expiresAt: string;
      /**
      * @description Seconds until `expiresAt`, independent of the clock of the client; null: the session does not expire.
      * @example 604800
      */
      expiresIn: number | null;
      /**
      * @description IP address at login.
      * @example 203.0.113.7
      */
      ip: string | null;
      /**
      * @description User agent at login.
      * @example Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0
      */
      userAgent: string | null;
      /**
      * @description Browser and operating system, readable.
      * @example Firefox on Linux
      */
      device: string | null;
      /**
      * @description Authentication methods that were used, RFC 8176.
      * @example [
      *       "pwd"
      *     ]
      */
      amr: string[];
      /**
      * Format: uuid
      * @description Id of the admin who acts as the user in this session. Absent: the user acts.
      */
      impersonatorId?: string;
      /**
      * Format: uuid
      * @description Only for an admin: id of the user as whom the admin acts in this session. Absent: the session is their own.
      */
      actingAs?: string;
      /**
      * @description What the application noted of the session. Absent unless `SESSION_METADATA_SHOWN`, and without a note.
      * @example {
      *       "shop": "berlin"
      *     }
      */
      metadata?: {
        [key: string]: unknown;
      };
      /**
      * @description Whether this is the session of the request.
      * @example true
      */
      current: boolean;
    };
    MeReply: {
      /** @description The current user. */
      user: components["schemas"]["UserReply"];
      /** @description The current session. */
      session: components["schemas"]["SessionReply"];
    };
    SessionsReply: {
      /** @description Live sessions; within a page, the most recently used first. */
      sessions: components["schemas"]["SessionReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    LogoutAllRequest: {
      /**
      * @description Whether the session of this request continues.
      * @example true
      */
      keepCurrent?: boolean;
    };
    UsernameReply: {
      /**
      * @description Null: the user has none.
      * @example ada.king
      */
      username: string | null;
    };
    ChooseUsernameRequest: {
      /**
      * @description Username, in any letter case; unique whatever the case.
      * @example ada.king
      */
      username: string;
    };
    VerifyEmailRequest: {
      /**
      * @description Token of the e-mail.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      token: string;
    };
    PasswordRequiredReply: {
      /**
      * @description The user must choose a password.
      * @example password_required
      * @enum {string}
      */
      status: "password_required";
      /**
      * @description Token for `POST /auth/password/reset`; it works like one from an e-mail.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      resetToken: string;
    };
    SendVerificationRequest: {
      /**
      * Format: email
      * @description E-mail address of the account.
      * @example ada@example.com
      */
      email: string;
    };
    VerificationSentReply: {
      /**
      * @description Check the mailbox.
      * @example verification_sent
      * @enum {string}
      */
      status: "verification_sent";
    };
    DeviceReply: {
      /**
      * Format: uuid
      * @description Random UUID (version 4).
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11
      */
      id: string;
      /**
      * @description Browser and operating system, readable.
      * @example Firefox on Linux
      */
      device: string | null;
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time of its last use, RFC 3339, UTC; up to a day old.
      * @example 2026-11-21T09:05:00.000Z
      */
      lastSeenAt: string;
      /**
      * Format: date-time
      * @description Time until which no second factor is required in this browser; null: a second factor is required.
      * @example null
      */
      rememberedUntil: string | null;
    };
    DevicesReply: {
      /** @description The most recently used first. */
      devices: components["schemas"]["DeviceReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    UnlockRequest: {
      /**
      * @description Token of the e-mail.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      token: string;
    };
    StepUpRequest: {
      /**
      * Format: password
      * @description Password of the current user. Optional if a factor is given.
      * @example an engine weaves algebra
      */
      password?: string;
      /**
      * @description Factor to verify, e.g. `totp`.
      * @example totp
      */
      factor?: string;
      /**
      * @description Code, for a factor with codes.
      * @example 492039
      */
      code?: string;
      /** @description Credential, for a passkey. */
      credential?: Record<string, unknown>;
      /**
      * @description How the new tickets travel: as at login, or in a way that exposes less to scripts. Default: as the tickets of this session travel.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
    };
    LoginReply: {
      /**
      * @description Only with jwt, unless the transport is `cookie`.
      * @example eyJhbGciOiJFUzI1NiIs...
      */
      accessToken?: string;
      /**
      * @description Only with an access token.
      * @enum {string}
      */
      tokenType?: "Bearer";
      /**
      * @description Only with jwt, with any transport: seconds until the access token expires.
      * @example 900
      */
      expiresIn?: number;
      /**
      * @description Only with jwt, with any transport: seconds until an unused refresh token expires.
      * @example 604800
      */
      refreshExpiresIn?: number;
      /** @description Only with jwt and transport `body`. */
      refreshToken?: string;
      /**
      * @description The login is complete. (enum property replaced by openapi-typescript)
      * @enum {string}
      */
      status: "authenticated";
      /** @description The user who logged in. */
      user: components["schemas"]["UserReply"];
      /** @description The new session. */
      session: components["schemas"]["SessionReply"];
      /**
      * @description Only with transport `body`: send it with the next login, which then comes from a known device. It gives no access.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      deviceToken?: string;
    };
    EnrolledFactorReply: {
      /**
      * @description Type of the factor.
      * @example totp
      */
      factor: string;
      /**
      * @description Id, for a type of which a user may have several; otherwise null.
      * @example null
      */
      id: string | null;
      /**
      * @description Name that the user chose.
      * @example null
      */
      name: string | null;
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      enrolledAt: string;
      /**
      * Format: date-time
      * @description RFC 3339, UTC; null: never.
      * @example 2026-11-21T09:05:00.000Z
      */
      lastUsedAt: string | null;
      /**
      * @description Number of uses left; null: unlimited.
      * @example null
      */
      remaining: number | null;
      /**
      * @description True for a way to log in that no login asks for as a second factor, such as a passkey that the browser created by itself.
      * @enum {boolean}
      */
      beginsOnly?: true;
    };
    FactorsReply: {
      /** @description All enrolled factors except the password. */
      factors: components["schemas"]["EnrolledFactorReply"][];
    };
    FactorRequiredReply: {
      /**
      * @description A further factor is required. (enum property replaced by openapi-typescript)
      * @enum {string}
      */
      status: "factor_required";
      /**
      * @description Works for `POST /auth/login/factor` only, once, in the same browser.
      * @example kJ0...
      */
      loginToken: string;
      /**
      * @description Factors of which one is required.
      * @example [
      *       "totp",
      *       "recovery_code"
      *     ]
      */
      factors: string[];
      /**
      * @description Seconds until the login must start again.
      * @example 300
      */
      expiresIn: number;
    };
    EnrolmentRequiredReply: {
      /**
      * @description Only with jwt, unless the transport is `cookie`.
      * @example eyJhbGciOiJFUzI1NiIs...
      */
      accessToken?: string;
      /**
      * @description Only with an access token.
      * @enum {string}
      */
      tokenType?: "Bearer";
      /**
      * @description Only with jwt, with any transport: seconds until the access token expires.
      * @example 900
      */
      expiresIn?: number;
      /**
      * @description Only with jwt, with any transport: seconds until an unused refresh token expires.
      * @example 604800
      */
      refreshExpiresIn?: number;
      /** @description Only with jwt and transport `body`. */
      refreshToken?: string;
      /**
      * @description The session is limited to enrolling a factor. After that it is a full session. (enum property replaced by openapi-typescript)
      * @enum {string}
      */
      status: "enrolment_required";
      /**
      * @description Factors of which one must be enrolled.
      * @example [
      *       "totp"
      *     ]
      */
      factors: string[];
      /** @description The session, which is limited to enrolment. */
      session: components["schemas"]["SessionReply"];
    };
    LoginRequest: {
      /**
      * Format: email
      * @description E-mail address of the account. Either this or `username`.
      * @example ada@example.com
      */
      email?: string;
      /**
      * @description Username of the account, in any letter case, in place of `email`. With `USERNAMES=true`.
      * @example ada.king
      */
      username?: string;
      /**
      * Format: password
      * @description Password, exactly as registered.
      * @example an engine weaves algebra
      */
      password: string;
      /**
      * @description How later requests are authenticated. Default: the first strategy that is switched on.
      * @enum {string}
      */
      strategy?: "session" | "jwt";
      /**
      * @description For jwt: `body` returns both tokens in the response, `cookie` sets both as cookies, and `split` (default) sets only the refresh token as a cookie. The strategy `session` always uses a cookie.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
      /**
      * @description Token from an earlier login with transport `body`. With it, this login comes from a known device.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      deviceToken?: string;
    };
    FactorLoginRequest: {
      /**
      * @description Token from the previous step.
      * @example kJ0...
      */
      loginToken: string;
      /**
      * @description One of the required factors, e.g. `totp`, `recovery_code`, `passkey`.
      * @example totp
      */
      factor: string;
      /**
      * @description Code, for a factor with codes.
      * @example 492039
      */
      code?: string;
      /** @description Credential, for a passkey. */
      credential?: Record<string, unknown>;
      /** @description Do not require a second factor in this browser again, if the policy allows it. */
      rememberDevice?: boolean;
    };
    ChangeProfileRequest: {
      /**
      * @description Display name; null removes it.
      * @example Ada King
      */
      name?: string | null;
      /**
      * @description Language of pages and e-mails: one of those that the service has (`PAGES_LANGUAGES`). Null: the one that the browser asks for.
      * @example de
      */
      language?: string | null;
    };
    DeleteUserRequest: {
      /**
      * Format: password
      * @description Password of the current user. Optional shortly after a step-up; users with a second factor must have used it for the step-up.
      * @example an engine weaves algebra
      */
      password?: string;
    };
    ChangeEmailRequest: {
      /**
      * Format: email
      * @description New e-mail address.
      * @example ada.king@example.com
      */
      email: string;
      /**
      * Format: password
      * @description Password of the current user. Absent only for a user who has none: then shortly after a step-up; users with a second factor must have used it for the step-up.
      * @example an engine weaves algebra
      */
      password?: string;
    };
    EmailChangeReply: {
      /**
      * @description Check the new mailbox.
      * @example confirmation_sent
      * @enum {string}
      */
      status: "confirmation_sent";
    };
    MailedTokenRequest: {
      /**
      * @description Token of the e-mail.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      token: string;
    };
    NotMeRequest: {
      /**
      * @description Token of the e-mail.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      token: string;
    };
    DataExportReply: {
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      exportedAt: string;
      /**
      * @description Rows by part: `user`, `emailChanges`, `sessions`, `devices`, `factors`, `passkeys`, `apiKeys`, `certificates`, `securityLog`, and the parts of further features. No part contains a secret.
      * @example {
      *       "user": [
      *         {
      *           "id": "01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f",
      *           "email": "ada@example.com"
      *         }
      *       ]
      *     }
      */
      parts: {
        [key: string]: Record<string, unknown>[];
      };
    };
    SecurityLogEntryReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      at: string;
      /**
      * @description Type of the event, as in the list of audit events.
      * @example login.succeeded
      */
      type: string;
      /**
      * @description Kind of the entry.
      * @example sign_in
      * @enum {string}
      */
      kind: "sign_in" | "credentials" | "api_keys" | "account";
      /**
      * @description Whether an admin did it. Who it was, from where and why is not shown.
      * @example false
      */
      byAdmin: boolean;
      /**
      * @description IP address of the request; null: unknown, or not shown.
      * @example 203.0.113.7
      */
      ip: string | null;
      /**
      * @description User agent of the request; null: unknown, or not shown.
      * @example Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0
      */
      userAgent: string | null;
      /**
      * @description Browser and operating system, readable.
      * @example Firefox on Linux
      */
      device: string | null;
      /**
      * @description Further values: `factor`, `keyId`, or `left`, the number of recovery codes that remain.
      * @example {}
      */
      details: {
        [key: string]: unknown;
      };
    };
    SecurityLogReply: {
      /** @description The newest first. A page may be short, or empty, although more entries follow. */
      entries: components["schemas"]["SecurityLogEntryReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    FailedTryReply: {
      /**
      * Format: uuid
      * @description Id of the audit event.
      */
      eventId: string;
      /**
      * @description Number of attempts.
      * @example 3
      */
      attempts: number;
      /**
      * @description Error of the last attempt.
      * @example status 500
      */
      lastError: string | null;
      /**
      * Format: date-time
      * @description Time of the next attempt.
      */
      dueAt: string;
    };
    WebhookReply: {
      /**
      * @description Name of the webhook.
      * @example siem
      */
      name: string;
      /**
      * @description Origin of its URL; the path is not shown.
      * @example https://siem.example.com
      */
      origin: string;
      /**
      * @description Number of events that wait for delivery; at most 10,000.
      * @example 0
      */
      waiting: number;
      /**
      * @description Number of events whose delivery was given up, among the 10,000 most recent ones of all webhooks.
      * @example 0
      */
      dead: number;
      /** @description At most five events whose last attempt failed. */
      failedTries: components["schemas"]["FailedTryReply"][];
    };
    WebhooksReply: {
      /** @description All configured webhooks. */
      webhooks: components["schemas"]["WebhookReply"][];
    };
    DestinationRequest: {
      /**
      * @description Name of the webhook.
      * @example siem
      */
      destination: string;
    };
    TestReply: {
      /**
      * @description Whether the webhook answered with a status of 2xx.
      * @example true
      */
      delivered: boolean;
      /** @description Status of its answer; null if there was none. */
      status: number | null;
      /**
      * @description Why there was no answer.
      * @example null
      */
      error: string | null;
    };
    DeadLetterReply: {
      /**
      * Format: uuid
      * @description Id of the audit event.
      */
      eventId: string;
      /**
      * @description Name of the webhook.
      * @example siem
      */
      destination: string;
      /**
      * @description Number of attempts.
      * @example 10
      */
      attempts: number;
      /**
      * @description Error of the last attempt.
      * @example status 500
      */
      lastError: string | null;
      /**
      * Format: date-time
      * @description Time at which delivery was given up.
      */
      deadAt: string;
    };
    DeadLettersReply: {
      /** @description At most 100 events, the most recent first. */
      deadLetters: components["schemas"]["DeadLetterReply"][];
    };
    ReviveReply: {
      /**
      * @description Number of events that are delivered again.
      * @example 3
      */
      revived: number;
    };
    LookedUpCredential: {
      /**
      * @description Id of the key, or of the token.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /**
      * @description As its owner called it.
      * @example nightly export
      */
      name: string | null;
    };
    LookedUpClient: {
      /**
      * @description Id of the application.
      * @example billing
      */
      id: string;
      /**
      * @description Whether it is the operator's own.
      * @example false
      */
      firstParty: boolean;
    };
    AcceptedReply: {
      /**
      * @description The ticket holds.
      * @enum {boolean}
      */
      accepted: true;
      /**
      * @description Whether a user logged in, or a machine acts for one.
      * @enum {string}
      */
      by: "session" | "credential";
      /**
      * @description Strategy that judged it.
      * @example jwt
      */
      strategy: string;
      /** @description The user behind it. */
      user: components["schemas"]["UserReply"];
      /**
      * @description The session behind an access token, as in `GET /auth/me`. Absent for machines.
      * @example {
      *       "id": "3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11",
      *       "strategy": "jwt",
      *       "expiresIn": 604800
      *     }
      */
      session?: {
        [key: string]: unknown;
      };
      /** @description Credential of a machine. Absent for sessions. */
      credential?: components["schemas"]["LookedUpCredential"];
      /**
      * @description What a machine may do. Absent for sessions, which need no scopes.
      * @example [
      *       "orders:read"
      *     ]
      */
      scopes?: string[];
      /** @description The application that acts for the user. */
      client?: components["schemas"]["LookedUpClient"];
      /**
      * @description What the holder must also possess to use the ticket (RFC 7800): `jkt` (DPoP), `x5t#S256` (mTLS). The asking service must have it proven. Absent: any holder may use the ticket.
      * @example {
      *       "jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
      *     }
      */
      cnf?: {
        [key: string]: string;
      };
      /**
      * @description A revocation of any of these, or of `all:sessions`, makes the answer void.
      * @example [
      *       "session:3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11",
      *       "user:01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f"
      *     ]
      */
      subjects: string[];
      /**
      * @description Whether the answer may be kept. `false`: it is good for one request.
      * @example true
      */
      keep: boolean;
      /**
      * @description How long it may be kept, counted from before it was asked for.
      * @example 900
      */
      goodForSeconds: number;
      /**
      * @description Counts the changes of the user.
      * @example 3
      */
      revision: number;
    };
    RefusedReply: {
      /**
      * @description The ticket does not hold.
      * @enum {boolean}
      */
      accepted: false;
      /**
      * @description What to answer.
      * @enum {string}
      */
      code: "unauthenticated" | "token_expired" | "session_ended" | "forbidden";
    };
    LookUpRequest: {
      /**
      * @description Access token, API key, or access token of an OAuth client, as it came after `Bearer` or `DPoP`.
      * @example cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f_5a6b7c8d9e0f5a6b7c8d9e0f5a6b7c8d9e0f5a6b7c8d9e0f5
      */
      ticket: string;
      /**
      * @description What the follower had applied before it asked. Absent: it holds no lease.
      * @example 4711
      */
      applied?: number;
      /**
      * @description Whom the ticket must be for, where it says so. Absent: `JWT_AUDIENCE`.
      * @example https://api.example.com/orders
      */
      audience?: string;
    };
    OpenStreamRequest: {
      /**
      * @description `acknowledged`: revocations wait for this follower. `bounded`: none does, and it follows within twice the lease.
      * @default acknowledged
      * @enum {string}
      */
      mode: "acknowledged" | "bounded";
      /**
      * @description Which process it is, for people.
      * @example orders-2
      */
      name?: string;
    };
    RenewRequest: {
      /**
      * @description All revocations up to this number have been applied.
      * @example 4711
      */
      applied: number;
      /**
      * @description Whether the lease is to be prolonged, or only the number noted.
      * @example true
      */
      renews: boolean;
    };
    FollowerReply: {
      /**
      * @description Number of the latest revocation that there is.
      * @example 4711
      */
      head: number;
    };
    AdminUserReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /**
      * Format: email
      * @description Normalized address; null for a service user.
      * @example ada@example.com
      */
      email: string | null;
      /**
      * @description Whether the address is verified.
      * @example true
      */
      emailVerified: boolean;
      /**
      * @description Display name, as the user entered it.
      * @example Ada Lovelace
      */
      name: string | null;
      /**
      * @description Language that the user has chosen for pages and e-mails. Absent: none.
      * @example de
      */
      language?: string;
      /**
      * @description Roles, e.g. `admin`.
      * @example []
      */
      roles: string[];
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * @description `person`, or `service` for a machine, which cannot log in.
      * @example person
      * @enum {string}
      */
      kind: "person" | "service";
      /**
      * @description Status of the user.
      * @example active
      * @enum {string}
      */
      status: "active" | "banned" | "unverified" | "locked";
      /**
      * Format: date-time
      * @description Start of the ban; null if the user is not banned.
      * @example null
      */
      bannedAt: string | null;
      /**
      * Format: date-time
      * @description End of the ban; null if it does not expire.
      * @example null
      */
      bannedUntil: string | null;
      /**
      * @description Reason that the admin gave.
      * @example null
      */
      banReason: string | null;
      /**
      * @description Username; null if the user has none. Absent unless `USERNAMES=true`.
      * @example null
      */
      username?: string | null;
    };
    UsersReply: {
      /** @description The most recently created first. */
      users: components["schemas"]["AdminUserReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    CreateUserRequest: {
      /**
      * @description `service`: a machine that uses API keys or certificates and cannot log in. Default: `person`.
      * @enum {string}
      */
      kind?: "person" | "service";
      /**
      * Format: email
      * @description E-mail address. Required for a person; a service user has none.
      * @example ada@example.com
      */
      email?: string;
      /**
      * Format: password
      * @description Password of the user. Absent: the user receives an invitation e-mail with a link to choose one.
      * @example an engine weaves algebra
      */
      password?: string;
      /** @description Display name. */
      name?: string | null;
      /**
      * @description Names of the roles.
      * @example [
      *       "editor"
      *     ]
      */
      roles?: string[];
      /** @description Whether the address is known to belong to the user. Default: false. */
      emailVerified?: boolean;
    };
    ChangeUserRequest: {
      /** @description Display name. */
      name?: string | null;
      /**
      * Format: email
      * @description New e-mail address; it is unverified unless `emailVerified` is true.
      */
      email?: string;
      /**
      * @description Whether the address is known to belong to the user.
      * @example true
      */
      emailVerified?: boolean;
    };
    RolesRequest: {
      /**
      * @description All roles of the user; other roles are removed.
      * @example [
      *       "editor"
      *     ]
      */
      roles: string[];
    };
    BanRequest: {
      /**
      * @description Reason, shown to admins only.
      * @example spam
      */
      reason?: string;
      /**
      * Format: date-time
      * @description End of the ban, RFC 3339. Absent: it does not expire.
      */
      untilAt?: string;
    };
    ImpersonateRequest: {
      /**
      * @description Reason, for the audit log.
      * @example ticket 4711
      */
      reason?: string;
      /**
      * @description Strategy of the session, as at login. Default: the strategy of this request.
      * @enum {string}
      */
      strategy?: "session" | "jwt";
      /**
      * @description How the tokens travel, as at login.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
    };
    AdminSessionReply: {
      /**
      * @description Random UUID (version 4). With a credential of a machine: what identifies that.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11
      */
      id: string;
      /**
      * @description Strategy that authenticates its requests.
      * @example session
      */
      strategy: string;
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time of its last use, RFC 3339, UTC; up to a minute old.
      * @example 2026-11-21T09:05:00.000Z
      */
      lastSeenAt: string;
      /**
      * Format: date-time
      * @description Time at which the session expires if it is not used. Use extends it, up to the absolute limit.
      * @example 2026-11-28T09:05:00.000Z
      */
      expiresAt: string;
      /**
      * @description Seconds until `expiresAt`, independent of the clock of the client; null: the session does not expire.
      * @example 604800
      */
      expiresIn: number | null;
      /**
      * @description IP address at login.
      * @example 203.0.113.7
      */
      ip: string | null;
      /**
      * @description User agent at login.
      * @example Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0
      */
      userAgent: string | null;
      /**
      * @description Browser and operating system, readable.
      * @example Firefox on Linux
      */
      device: string | null;
      /**
      * @description Authentication methods that were used, RFC 8176.
      * @example [
      *       "pwd"
      *     ]
      */
      amr: string[];
      /**
      * Format: uuid
      * @description Id of the admin who acts as the user in this session. Absent: the user acts.
      */
      impersonatorId?: string;
      /**
      * Format: uuid
      * @description Only for an admin: id of the user as whom the admin acts in this session. Absent: the session is their own.
      */
      actingAs?: string;
      /**
      * @description What the application noted of the session. Absent unless `SESSION_METADATA_SHOWN`, and without a note.
      * @example {
      *       "shop": "berlin"
      *     }
      */
      metadata?: {
        [key: string]: unknown;
      };
      /**
      * @description Whether this is the session of the request.
      * @example true
      */
      current: boolean;
      /**
      * Format: uuid
      * @description Id of the user whose session it is.
      */
      userId: string;
    };
    AdminSessionsReply: {
      /** @description Live sessions; within a page, the most recently used first. */
      sessions: components["schemas"]["AdminSessionReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    AllSessionsReply: {
      /** @description Live sessions, sorted by user. A page may be short although more follow. */
      sessions: components["schemas"]["AdminSessionReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    AuditEventReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      */
      id: string;
      /**
      * Format: date-time
      * @description Time of the event, RFC 3339, UTC.
      */
      at: string;
      /**
      * @description Type of the event; the event reference lists all types.
      * @example login.failed
      */
      type: string;
      /**
      * Format: uuid
      * @description Id of the user whom the event concerns.
      */
      userId: string | null;
      /**
      * Format: uuid
      * @description Id of the acting user, if it is not the user concerned.
      */
      actorId: string | null;
      /**
      * Format: uuid
      * @description Id of the session.
      */
      sessionId: string | null;
      /**
      * @description Internal reason.
      * @example logout
      */
      reason: string | null;
      /**
      * @description IP address of the client.
      * @example 203.0.113.7
      */
      ip: string | null;
      /** @description User agent of the client. */
      userAgent: string | null;
      /** @description Id of the request. */
      requestId: string | null;
      /** @description Further details of the event. */
      details: Record<string, unknown>;
    };
    AuditReply: {
      /** @description The newest first. */
      events: components["schemas"]["AuditEventReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    BootstrapRequest: {
      /**
      * Format: password
      * @description Token that the service printed at its first start, or the value of `BOOTSTRAP_TOKEN`.
      */
      token: string;
      /**
      * Format: email
      * @description E-mail address of the first admin.
      * @example ada@example.com
      */
      email: string;
      /**
      * Format: password
      * @description Password of the first admin.
      * @example an engine weaves algebra
      */
      password: string;
    };
    InviteRequest: {
      /**
      * Format: email
      * @description Address that receives the invitation.
      * @example ada@example.com
      */
      email: string;
      /** @description Display name. */
      name?: string | null;
      /**
      * @description Names of the roles of the future user.
      * @example []
      */
      roles?: string[];
    };
    InvitationReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      */
      id: string;
      /**
      * Format: email
      * @description Address that received the invitation.
      * @example ada@example.com
      */
      email: string;
      /**
      * @description Display name.
      * @example Ada Lovelace
      */
      name: string | null;
      /**
      * @description Roles of the future user.
      * @example []
      */
      roles: string[];
      /**
      * Format: uuid
      * @description Id of the admin who invited.
      */
      invitedBy: string | null;
      /**
      * Format: date-time
      * @description Time of the invitation, RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time at which it expires, RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      expiresAt: string;
    };
    InvitationsReply: {
      /** @description Open invitations, the most recent first. */
      invitations: components["schemas"]["InvitationReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    AcceptInvitationRequest: {
      /**
      * @description Token of the e-mail.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      token: string;
      /**
      * Format: password
      * @description Password of the new account. The same rules apply as at registration.
      * @example an engine weaves algebra
      */
      password: string;
      /**
      * @description Display name. Absent: the name that the admin gave.
      * @example Ada Lovelace
      */
      name?: string | null;
    };
    RegisterRequest: {
      /**
      * Format: email
      * @description Address that receives the verification link.
      * @example ada@example.com
      */
      email: string;
      /**
      * Format: password
      * @description Password of the new account. It must be long and hard to guess; the limits are configurable.
      * @example an engine weaves algebra
      */
      password: string;
      /**
      * @description Display name.
      * @example Ada Lovelace
      */
      name?: string | null;
    };
    ForgotPasswordRequest: {
      /**
      * Format: email
      * @description E-mail address of the account.
      * @example ada@example.com
      */
      email: string;
    };
    ResetSentReply: {
      /**
      * @description Check the mailbox.
      * @example reset_sent
      * @enum {string}
      */
      status: "reset_sent";
    };
    ResetPasswordRequest: {
      /**
      * @description Token of the e-mail.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      token: string;
      /**
      * Format: password
      * @description New password, subject to the same rules as at registration.
      * @example a loom of silver numbers
      */
      password: string;
    };
    ChangePasswordRequest: {
      /**
      * Format: password
      * @description Current password.
      * @example an engine weaves algebra
      */
      currentPassword: string;
      /**
      * Format: password
      * @description New password, subject to the same rules as at registration. It must differ from the current one.
      * @example a loom of silver numbers
      */
      newPassword: string;
      /**
      * @description For jwt: `body` and `split` answer 200 with the new tokens. Absent: 204, and the new tokens are set as cookies; a session with transport `body` ends.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
    };
    NewTicketsReply: {
      /**
      * @description JWT, RFC 9068.
      * @example eyJhbGciOiJFUzI1NiIs...
      */
      accessToken: string;
      /**
      * @description Send the token as `Authorization: Bearer`.
      * @example Bearer
      * @enum {string}
      */
      tokenType: "Bearer";
      /**
      * @description Seconds until the access token expires.
      * @example 900
      */
      expiresIn: number;
      /**
      * @description Seconds until an unused refresh token expires.
      * @example 604800
      */
      refreshExpiresIn: number;
      /** @description Only with transport `body`. */
      refreshToken?: string;
    };
    ImportedUserRequest: {
      /**
      * @description E-mail address; required.
      * @example ada@example.com
      */
      email: string;
      /**
      * @description Whether the other system has verified the address.
      * @example true
      */
      emailVerified?: boolean;
      /**
      * @description Display name.
      * @example Ada Lovelace
      */
      name?: string | null;
      /**
      * @description Username, with `USERNAMES=true`: 3 to 32 of `a-z 0-9 . _ -`, in any letter case.
      * @example ada.king
      */
      username?: string;
      /**
      * @description Language of pages and e-mails: one of those that the service has (`PAGES_LANGUAGES`). Null: the one that the browser asks for.
      * @example de
      */
      language?: string | null;
      /**
      * @description Names of the roles.
      * @example [
      *       "editor"
      *     ]
      */
      roles?: string[];
      /**
      * @description Hash as the other system stores it. Absent: the user has to reset the password.
      * @example $2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW
      */
      passwordHash?: string;
      /**
      * Format: uuid
      * @description Id of the user in the other system, which the user keeps. Absent: a new one.
      * @example 7f3c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11
      */
      id?: string;
      /**
      * Format: date-time
      * @description When the user was created there, RFC 3339. Absent, or in the future: now.
      * @example 2019-05-04T09:00:00Z
      */
      createdAt?: string;
      /**
      * @description Whether the user is banned.
      * @example false
      */
      banned?: boolean;
      /**
      * Format: date-time
      * @description End of the ban, RFC 3339. Absent: it does not expire. Has no effect unless `banned` is true.
      */
      bannedUntil?: string;
      /**
      * @description Reason of the ban, shown to admins only.
      * @example spam
      */
      banReason?: string;
      /**
      * @description The fields that the application has declared for its users, by name. Each may be absent.
      * @example {
      *       "company": "Analytical Engines"
      *     }
      */
      fields?: Record<string, unknown>;
      /**
      * @description Second factors of the user, by name: `totp` takes `{ secret }`, in base32 or as `otpauth://totp/…`; `passkey` takes `{ rpId, passkeys: [{ credentialId, publicKey, counter, transports, aaguid, name, createdAt, secondFactor }] }` of this relying party.
      * @example {
      *       "totp": {
      *         "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
      *       }
      *     }
      */
      factors?: Record<string, unknown>;
    };
    ImportRequest: {
      /** @description Up to 500 users and 100 kB in total; send more in several requests. */
      users: components["schemas"]["ImportedUserRequest"][];
    };
    RefusedRowReply: {
      /**
      * @description Position of the user in the list, starting at 0.
      * @example 3
      */
      index: number;
      /**
      * @description Reason.
      * @example taken
      * @enum {string}
      */
      reason: "not_an_address" | "unknown_hash" | "fields_refused" | "unknown_language" | "mailbox_refused" | "factor_refused" | "username_refused" | "taken";
    };
    ImportReply: {
      /**
      * @description Number of users imported.
      * @example 499
      */
      imported: number;
      /** @description Users that were not imported. */
      refused: components["schemas"]["RefusedRowReply"][];
    };
    BeginTotpRequest: {
      /**
      * Format: password
      * @description Password of the current user. Required if this becomes the first second factor.
      * @example an engine weaves algebra
      */
      password?: string;
    };
    TotpSecretReply: {
      /**
      * @description Secret in Base32, for manual entry. It is shown only once.
      * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
      */
      secret: string;
      /**
      * @description Content of the QR code.
      * @example otpauth://totp/auth.example.com:ada%40example.com?...
      */
      uri: string;
      /**
      * @description QR code as an SVG document.
      * @example <svg xmlns="http://www.w3.org/2000/svg">...</svg>
      */
      qrSvg: string;
    };
    ConfirmTotpRequest: {
      /**
      * @description How the new tokens travel, for a client that stores its tokens itself.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
      /**
      * @description Code that the authenticator app shows.
      * @example 492039
      */
      code: string;
    };
    TotpConfirmedReply: {
      /**
      * @description Only with jwt, unless the transport is `cookie`.
      * @example eyJhbGciOiJFUzI1NiIs...
      */
      accessToken?: string;
      /**
      * @description Only with an access token.
      * @enum {string}
      */
      tokenType?: "Bearer";
      /**
      * @description Only with jwt, with any transport: seconds until the access token expires.
      * @example 900
      */
      expiresIn?: number;
      /**
      * @description Only with jwt, with any transport: seconds until an unused refresh token expires.
      * @example 604800
      */
      refreshExpiresIn?: number;
      /** @description Only with jwt and transport `body`. */
      refreshToken?: string;
      /**
      * @description Ten codes, each of which works once. They are shown only once.
      * @example [
      *       "q7zk-3m9d-x2rt-8wvh"
      *     ]
      */
      recoveryCodes: string[];
    };
    TransportRequest: {
      /**
      * @description How the new tokens travel, for a client that stores its tokens itself.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
    };
    TicketsReply: {
      /**
      * @description Only with jwt, unless the transport is `cookie`.
      * @example eyJhbGciOiJFUzI1NiIs...
      */
      accessToken?: string;
      /**
      * @description Only with an access token.
      * @enum {string}
      */
      tokenType?: "Bearer";
      /**
      * @description Only with jwt, with any transport: seconds until the access token expires.
      * @example 900
      */
      expiresIn?: number;
      /**
      * @description Only with jwt, with any transport: seconds until an unused refresh token expires.
      * @example 604800
      */
      refreshExpiresIn?: number;
      /** @description Only with jwt and transport `body`. */
      refreshToken?: string;
    };
    RenewRecoveryCodesRequest: {
      /**
      * @description How the new tokens travel, for a client that stores its tokens itself.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
    };
    RecoveryCodesReply: {
      /**
      * @description Only with jwt, unless the transport is `cookie`.
      * @example eyJhbGciOiJFUzI1NiIs...
      */
      accessToken?: string;
      /**
      * @description Only with an access token.
      * @enum {string}
      */
      tokenType?: "Bearer";
      /**
      * @description Only with jwt, with any transport: seconds until the access token expires.
      * @example 900
      */
      expiresIn?: number;
      /**
      * @description Only with jwt, with any transport: seconds until an unused refresh token expires.
      * @example 604800
      */
      refreshExpiresIn?: number;
      /** @description Only with jwt and transport `body`. */
      refreshToken?: string;
      /**
      * @description Ten codes, each of which works once. They are shown only once.
      * @example [
      *       "q7zk-3m9d-x2rt-8wvh"
      *     ]
      */
      recoveryCodes: string[];
    };
    PasskeyOptionsRequest: {
      /**
      * Format: password
      * @description Password of the current user. Required if this becomes the first second factor.
      * @example an engine weaves algebra
      */
      password?: string;
      /**
      * @description `conditional`: for `navigator.credentials.create({ mediation: "conditional" })` right after a login by password, by which a browser creates a passkey without asking. Requires `password`. The passkey is a way to log in, and never asked for as a second factor; no session ends.
      * @enum {string}
      */
      mediation?: "conditional";
    };
    RelyingPartyReply: {
      /**
      * @description Domain that the passkey will belong to.
      * @example example.com
      */
      id: string;
      /**
      * @description Name of the service, shown to the user.
      * @example example.com
      */
      name: string;
    };
    PasskeyUserReply: {
      /**
      * @description Opaque id of the user, base64url, stored in the passkey.
      * @example AZLwwWwOfQulpw9PK48fEQ
      */
      id: string;
      /**
      * @description E-mail address, shown to the user.
      * @example ada@example.com
      */
      name: string;
      /**
      * @description Display name of the user.
      * @example Ada
      */
      displayName: string;
    };
    CredentialParameterReply: {
      /**
      * @description Always `public-key`.
      * @enum {string}
      */
      type: "public-key";
      /**
      * @description COSE algorithm.
      * @example -7
      */
      alg: number;
    };
    CredentialDescriptorReply: {
      /**
      * @description Base64url.
      * @example nB1Yk0C5xS2mZkq0hJrj2Q
      */
      id: string;
      /**
      * @description Always `public-key`.
      * @enum {string}
      */
      type: "public-key";
      /**
      * @description How the browser may reach the authenticator.
      * @example [
      *       "hybrid",
      *       "internal"
      *     ]
      */
      transports: string[];
    };
    AuthenticatorSelectionReply: {
      /**
      * @description Whether the passkey must be discoverable without a list of credentials.
      * @enum {string}
      */
      residentKey: "preferred" | "required";
      /**
      * @description The same for older browsers.
      * @example false
      */
      requireResidentKey: boolean;
      /**
      * @description Whether the passkey must verify its user (PIN, fingerprint).
      * @enum {string}
      */
      userVerification: "preferred" | "required";
    };
    CreationOptionsReply: {
      /**
      * @description Random challenge, base64url. Works once, for this session.
      * @example c2l4dGVlbiBieXRlcyBhdCBsZWFzdA
      */
      challenge: string;
      /** @description This service. */
      rp: components["schemas"]["RelyingPartyReply"];
      /** @description The current user. */
      user: components["schemas"]["PasskeyUserReply"];
      /** @description Accepted algorithms, the preferred first. */
      pubKeyCredParams: components["schemas"]["CredentialParameterReply"][];
      /**
      * @description Time limit in milliseconds.
      * @example 300000
      */
      timeout: number;
      /**
      * @description Always `none`: the authenticator need not prove its model.
      * @enum {string}
      */
      attestation: "none";
      /** @description Passkeys that the user already has. */
      excludeCredentials: components["schemas"]["CredentialDescriptorReply"][];
      /** @description Requirements for the authenticator. */
      authenticatorSelection: components["schemas"]["AuthenticatorSelectionReply"];
    };
    RegisterPasskeyRequest: {
      /**
      * @description Result of `navigator.credentials.create`, serialized with its `toJSON`.
      * @example {
      *       "id": "nB1Yk0C5xS2mZkq0hJrj2Q",
      *       "rawId": "nB1Yk0C5xS2mZkq0hJrj2Q",
      *       "type": "public-key",
      *       "response": {}
      *     }
      */
      credential: Record<string, unknown>;
      /**
      * @description Name of the passkey. Default: the browser that registers it.
      * @example Key ring
      */
      name?: string;
      /**
      * @description For jwt: `body` and `split` return the new tokens of this session in the response. Absent: they are set as cookies.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
    };
    RegisteredPasskeyReply: {
      /**
      * Format: uuid
      * @description Id of the passkey in these routes.
      * @example 0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11
      */
      id: string;
      /**
      * @description Name that the user chose.
      * @example Chrome on Android
      */
      name: string;
      /**
      * @description `singleDevice`: the passkey stays on one device, such as a security key. `multiDevice`: it may be copied to other devices of its user.
      * @enum {string}
      */
      deviceType: "singleDevice" | "multiDevice";
      /**
      * @description Whether the passkey was copied to other devices, when last used.
      * @example true
      */
      backedUp: boolean;
      /**
      * @description How the browser reaches the authenticator.
      * @example [
      *       "hybrid",
      *       "internal"
      *     ]
      */
      transports: string[];
      /**
      * Format: uuid
      * @description Model of the authenticator; all zeros if unknown.
      * @example 00000000-0000-0000-0000-000000000000
      */
      aaguid: string;
      /**
      * @description Whether the browser created it by itself after a login (`mediation: "conditional"`): then no login asks for it as a second factor, and it satisfies no policy.
      * @example false
      */
      automatic: boolean;
      /**
      * Format: date-time
      * @description Time of registration.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time of the last use; null: never.
      * @example 2026-11-21T09:00:00.000Z
      */
      lastUsedAt: string | null;
      /**
      * @description Access token of the current session; only with jwt, and only if the tokens do not travel in cookies.
      * @example eyJhbGciOiJFUzI1NiIs...
      */
      accessToken?: string;
      /**
      * @description Only with an access token.
      * @enum {string}
      */
      tokenType?: "Bearer";
      /**
      * @description Seconds until the access token expires.
      * @example 900
      */
      expiresIn?: number;
      /**
      * @description Only with jwt: seconds until an unused refresh token expires.
      * @example 604800
      */
      refreshExpiresIn?: number;
      /** @description Only with transport `body`. */
      refreshToken?: string;
    };
    PasskeyReply: {
      /**
      * Format: uuid
      * @description Id of the passkey in these routes.
      * @example 0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11
      */
      id: string;
      /**
      * @description Name that the user chose.
      * @example Chrome on Android
      */
      name: string;
      /**
      * @description `singleDevice`: the passkey stays on one device, such as a security key. `multiDevice`: it may be copied to other devices of its user.
      * @enum {string}
      */
      deviceType: "singleDevice" | "multiDevice";
      /**
      * @description Whether the passkey was copied to other devices, when last used.
      * @example true
      */
      backedUp: boolean;
      /**
      * @description How the browser reaches the authenticator.
      * @example [
      *       "hybrid",
      *       "internal"
      *     ]
      */
      transports: string[];
      /**
      * Format: uuid
      * @description Model of the authenticator; all zeros if unknown.
      * @example 00000000-0000-0000-0000-000000000000
      */
      aaguid: string;
      /**
      * @description Whether the browser created it by itself after a login (`mediation: "conditional"`): then no login asks for it as a second factor, and it satisfies no policy.
      * @example false
      */
      automatic: boolean;
      /**
      * Format: date-time
      * @description Time of registration.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time of the last use; null: never.
      * @example 2026-11-21T09:00:00.000Z
      */
      lastUsedAt: string | null;
    };
    PasskeysReply: {
      /** @description The oldest first. */
      passkeys: components["schemas"]["PasskeyReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    RenamePasskeyRequest: {
      /**
      * @description Name of the passkey.
      * @example Key ring
      */
      name: string;
    };
    RemovePasskeyRequest: {
      /**
      * @description For jwt: `body` and `split` answer 200 with the new tokens. Absent: 204, and the new tokens are set as cookies; a session with transport `body` ends.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
    };
    PasskeyLoginOptionsRequest: {
      /**
      * Format: email
      * @description Requests passkeys of this user. Absent: any passkey of this domain, for example by autofill (conditional UI).
      * @example ada@example.com
      */
      email?: string;
      /**
      * @description Token of a started login that continues with a passkey as the second factor. Use it instead of `email`.
      * @example x7Jd0...
      */
      loginToken?: string;
    };
    RequestOptionsReply: {
      /**
      * @description Random challenge, base64url. Works once.
      * @example c2l4dGVlbiBieXRlcyBhdCBsZWFzdA
      */
      challenge: string;
      /**
      * @description Domain that the passkeys belong to.
      * @example example.com
      */
      rpId: string;
      /**
      * @description Time limit in milliseconds.
      * @example 300000
      */
      timeout: number;
      /**
      * @description Whether the passkey must verify its user (PIN, fingerprint).
      * @enum {string}
      */
      userVerification: "preferred" | "required";
      /** @description Accepted passkeys. Empty: any passkey of this domain. */
      allowCredentials: components["schemas"]["CredentialDescriptorReply"][];
    };
    PasskeyLoginRequest: {
      /**
      * @description Result of `navigator.credentials.get`, serialized with its `toJSON`.
      * @example {
      *       "id": "nB1Yk0C5xS2mZkq0hJrj2Q",
      *       "rawId": "nB1Yk0C5xS2mZkq0hJrj2Q",
      *       "type": "public-key",
      *       "response": {}
      *     }
      */
      credential: Record<string, unknown>;
      /**
      * @description As at login with a password.
      * @enum {string}
      */
      strategy?: "session" | "jwt";
      /**
      * @description As at login with a password.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
      /**
      * @description As at login with a password.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      deviceToken?: string;
    };
    SendLoginMailRequest: {
      /**
      * Format: email
      * @description E-mail address of the account.
      * @example ada@example.com
      */
      email: string;
      /**
      * @description For a client without cookies: the token of its earlier request, which ends by this one.
      * @example p0wqZ...
      */
      requestToken?: string;
      /**
      * @description Token from an earlier login with transport `body`. With it, this request comes from a known device.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      deviceToken?: string;
    };
    LoginMailSentReply: {
      /**
      * @description Check the mailbox.
      * @example login_mail_sent
      * @enum {string}
      */
      status: "login_mail_sent";
      /**
      * @description Identifies this client when it sends the code. Also set as a cookie, so that browsers need not send it. It gives no access.
      * @example p0wqZ...
      */
      requestToken: string;
      /**
      * @description Seconds until the link and the code expire.
      * @example 600
      */
      expiresIn: number;
    };
    MailboxLoginRequest: {
      /**
      * @description Code of the e-mail: eight digits; blanks do not matter. Either this or `token`.
      * @example 4920 3917
      */
      code?: string;
      /**
      * @description Token of the link in the e-mail.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      token?: string;
      /**
      * @description Token of the request that asked for the e-mail. Required with transport `body`; otherwise the cookie counts.
      * @example p0wqZ...
      */
      requestToken?: string;
      /**
      * Format: email
      * @description Address to which the e-mail was sent. Required with `token` in another client than the one that asked for the e-mail.
      * @example ada@example.com
      */
      email?: string;
      /**
      * @description How later requests are authenticated. Default: the first strategy that is switched on.
      * @enum {string}
      */
      strategy?: "session" | "jwt";
      /**
      * @description As for `POST /auth/login`.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
      /**
      * @description Token from an earlier login with transport `body`. With it, this request comes from a known device.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ...
      */
      deviceToken?: string;
    };
    FederatedLoginRequest: {
      /**
      * @description Name of the connection. Either this or `email`.
      * @example google
      */
      connection?: string;
      /**
      * Format: email
      * @description Address whose domain says which connection. Whether it has a user makes no difference.
      * @example ada@example.com
      */
      email?: string;
      /**
      * @description Where the browser goes in the end: an address of this origin or of one of `CORS_ORIGINS`, without a fragment. What is due next, or why the login was refused, stands in its fragment. Absent: the pages go on.
      * @example https://app.example.com/signed-in
      */
      returnTo?: string;
      /**
      * @description As at login with a password.
      * @enum {string}
      */
      strategy?: "session" | "jwt";
      /**
      * @description As at login with a password; not `body`, which a redirect does not have.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
    };
    FederatedLoginReply: {
      /**
      * @description Where to send the browser. Null: no connection logs in users of this domain; go on with the password.
      * @example https://accounts.example.com/authorize?client_id=...
      */
      authorizationUrl: string | null;
    };
    LinkRequest: {
      /**
      * @description Name of the connection.
      * @example google
      */
      connection: string;
      /**
      * @description Where the browser goes in the end: an address of this origin or of one of `CORS_ORIGINS`, without a fragment. What is due next, or why the login was refused, stands in its fragment. Absent: the pages go on.
      * @example https://app.example.com/signed-in
      */
      returnTo?: string;
    };
    AuthorizationReply: {
      /**
      * @description Where to send the browser.
      * @example https://accounts.example.com/authorize?client_id=...
      */
      authorizationUrl: string;
    };
    IdentityReply: {
      /**
      * Format: uuid
      * @description Id of the linked login in these routes.
      * @example 0192f0c1-6c0e-7d0b-a5a7-0f4f2b8f1f11
      */
      id: string;
      /**
      * @description Name of the connection; null: it is there no more.
      * @example google
      */
      connection: string | null;
      /**
      * @description What the connection is called.
      * @example Google
      */
      label: string | null;
      /**
      * @description Address that the provider named when the login was linked; null: none.
      * @example ada@example.com
      */
      email: string | null;
      /**
      * @description Whether one can log in by it now: the connection may be disabled.
      * @example true
      */
      usable: boolean;
      /**
      * Format: date-time
      * @description When it was linked.
      * @example 2026-11-21T09:00:00.000Z
      */
      linkedAt: string;
      /**
      * Format: date-time
      * @description Time of the last login by it.
      * @example 2026-11-21T09:00:00.000Z
      */
      lastUsedAt: string | null;
    };
    IdentitiesReply: {
      /** @description The oldest first. */
      identities: components["schemas"]["IdentityReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    UnlinkRequest: {
      /**
      * @description For jwt: `body` and `split` answer 200 with the new tokens. Absent: 204, and the new tokens are set as cookies; a session with transport `body` ends.
      * @enum {string}
      */
      transport?: "body" | "cookie" | "split";
    };
    DomainRecordReply: {
      /**
      * @description Name of the TXT record.
      * @example _coatcheck.example.com
      */
      name: string;
      /**
      * @description Its text.
      * @example coatcheck-connection=0W6nSmzv0l2yhbWcHn0MmUyGrtqZGvGTbTF3zcKqRyC
      */
      value: string;
    };
    ConnectionDomainReply: {
      /**
      * @description The domain.
      * @example example.com
      */
      domain: string;
      /**
      * Format: date-time
      * @description Since when it is verified, RFC 3339, UTC; null: it counts for nothing yet, or it is one of the file.
      * @example 2026-11-21T09:00:00.000Z
      */
      verifiedAt: string | null;
      /** @description The TXT record that proves it; null for one of the file. */
      record: components["schemas"]["DomainRecordReply"] | null;
    };
    ConnectionReply: {
      /**
      * @description Id.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /**
      * @description Its name in addresses.
      * @example corp
      */
      slug: string;
      /**
      * @description What it is.
      * @example oidc
      * @enum {string}
      */
      kind: "oidc" | "oauth2" | "google" | "github" | "microsoft" | "apple" | "gitlab";
      /**
      * @description Created by an admin, or of the file `FEDERATED`.
      * @example admin
      * @enum {string}
      */
      origin: "admin" | "file";
      /**
      * @description Issuer; null: known by the kind.
      * @example https://login.corp.example.com
      */
      issuer: string | null;
      /**
      * @description Address of the provider, if it is not the one of its kind.
      * @example null
      */
      baseUrl: string | null;
      /**
      * @description The id that the provider knows us by.
      * @example coatcheck
      */
      clientId: string;
      /**
      * @description Whether it has a client secret, which is never shown.
      * @example true
      */
      hasClientSecret: boolean;
      /**
      * @description Where users come back to: the provider must know exactly this.
      * @example https://auth.example.com/auth/federated/corp/callback
      */
      redirectUri: string;
      /** @description Settings, with those that were never set. */
      settings: {
        [key: string]: unknown;
      };
      /** @description Domains whose addresses it logs in. */
      domains: components["schemas"]["ConnectionDomainReply"][];
      /**
      * @description Whether it is refused.
      * @example false
      */
      disabled: boolean;
      /**
      * @description Whether a connection of the file has the same slug, so that users log in by that one.
      * @example false
      */
      shadowed: boolean;
      /**
      * Format: date-time
      * @description RFC 3339, UTC; null for one of the file.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string | null;
    };
    ConnectionsReply: {
      /** @description Connections, the most recently created first. */
      connections: components["schemas"]["ConnectionReply"][];
      /**
      * @description Connections of the file `FEDERATED`, which no route changes; on the first page only.
      * @example []
      */
      fileConnections: components["schemas"]["ConnectionReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    CreateConnectionRequest: {
      /**
      * @description Its name in addresses, also in the redirect URI that the provider must know. Cannot be changed.
      * @example corp
      */
      slug: string;
      /**
      * @description What it is. Cannot be changed.
      * @example oidc
      * @enum {string}
      */
      kind: "oidc" | "oauth2" | "google" | "github" | "microsoft" | "apple" | "gitlab";
      /**
      * @description Issuer, exactly as the provider names itself: required for `oidc` and `oauth2`, known for the others. Cannot be changed.
      * @example https://login.corp.example.com
      */
      issuer?: string | null;
      /**
      * @description Address of a provider of one's own, such as GitHub Enterprise or GitLab. Cannot be changed.
      * @example null
      */
      baseUrl?: string | null;
      /**
      * @description The id that the provider knows us by.
      * @example coatcheck
      */
      clientId: string;
      /**
      * Format: password
      * @description The secret that belongs to it; for Apple the private key (.p8). It is stored encrypted, and never shown.
      * @example mUyGrtqZGvGTbTF3zcKqRyC0W6nSmzv0l2yhbWcHn0M
      */
      clientSecret?: string | null;
      /**
      * @description Settings; what is absent is as if it had never been set. Of every kind: `label`, `scopes`, `vouchesForEmail`, `trustsMfa`, `trustsNewLogin`, `jitProvisioning`, `roles`, `enforced`, `enforcedExcept`, `maxAgeSeconds`, `isListed`. Of some: `tenant` (Microsoft), `teamId`, `keyId` (Apple), `hostedDomain` (Google), endpoints and names of claims (plain OAuth 2), `prompt`.
      * @example {
      *       "jitProvisioning": "on",
      *       "vouchesForEmail": [
      *         "example.com"
      *       ]
      *     }
      */
      settings?: {
        [key: string]: unknown;
      };
    };
    ChangeConnectionRequest: {
      /**
      * @description The id that the provider knows us by. Sessions that rest on logins by the one before end.
      * @example coatcheck
      */
      clientId?: string;
      /**
      * Format: password
      * @description A new secret; null: none any more.
      * @example mUyGrtqZGvGTbTF3zcKqRyC0W6nSmzv0l2yhbWcHn0M
      */
      clientSecret?: string | null;
      /**
      * @description Settings; what is absent is as if it had never been set. Of every kind: `label`, `scopes`, `vouchesForEmail`, `trustsMfa`, `trustsNewLogin`, `jitProvisioning`, `roles`, `enforced`, `enforcedExcept`, `maxAgeSeconds`, `isListed`. Of some: `tenant` (Microsoft), `teamId`, `keyId` (Apple), `hostedDomain` (Google), endpoints and names of claims (plain OAuth 2), `prompt`. Others stay as they are; null resets one.
      * @example {
      *       "jitProvisioning": "on",
      *       "vouchesForEmail": [
      *         "example.com"
      *       ]
      *     }
      */
      settings?: {
        [key: string]: unknown;
      };
      /**
      * @description True: the connection is refused, and the sessions that rest on logins by it end.
      * @example false
      */
      disabled?: boolean;
    };
    AddDomainRequest: {
      /**
      * @description A whole domain: what is below or above it is not meant.
      * @example example.com
      */
      domain: string;
      /**
      * @description What proves it. `dns`: the TXT record of the answer, which is looked for now. `admin`: your word. Default: `dns`.
      * @example dns
      * @enum {string}
      */
      proof?: "dns" | "admin";
    };
    RefreshRequest: {
      /**
      * @description Refresh token, unless it is in the cookie.
      * @example 3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.tkJ...
      */
      refreshToken?: string;
    };
    RefreshReply: {
      /**
      * @description Seconds until the access token expires.
      * @example 900
      */
      expiresIn: number;
      /**
      * @description Seconds until an unused refresh token expires.
      * @example 604800
      */
      refreshExpiresIn: number;
      /**
      * @description JWT, RFC 9068. Absent with transport `cookie`.
      * @example eyJhbGciOiJFUzI1NiIs...
      */
      accessToken?: string;
      /**
      * @description Send the token as `Authorization: Bearer`.
      * @enum {string}
      */
      tokenType?: "Bearer";
      /** @description The next refresh token. Only with transport `body`. */
      refreshToken?: string;
    };
    CreateApiKeyRequest: {
      /**
      * @description Purpose of the key.
      * @example nightly export
      */
      name: string;
      /**
      * @description Scopes of the key. Each route documents the scopes it requires.
      * @example [
      *       "orders:read"
      *     ]
      */
      scopes: string[];
      /** @description Lifetime of the key. Absent: `API_KEY_MAX_SECONDS`; by default the key does not expire. */
      expiresInSeconds?: number;
    };
    NewApiKeyReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /**
      * @description Name of the key.
      * @example nightly export
      */
      name: string;
      /**
      * @description Beginning of the key, which is not secret.
      * @example cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f
      */
      prefix: string;
      /**
      * @description Scopes of the key.
      * @example [
      *       "orders:read"
      *     ]
      */
      scopes: string[];
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time of the last use, written with a delay of some seconds; null: never.
      * @example null
      */
      lastUsedAt: string | null;
      /**
      * Format: date-time
      * @description Expiry time; null: the key does not expire.
      * @example 2027-11-21T09:00:00.000Z
      */
      expiresAt: string | null;
      /**
      * Format: date-time
      * @description Time at which the key was rotated; null: it was not.
      * @example null
      */
      rotatedAt: string | null;
      /**
      * @description Maximum requests in a window, if the key has a limit of its own.
      * @example null
      */
      rateLimit: number | null;
      /**
      * @description Length of that window, if the key has one of its own.
      * @example null
      */
      rateLimitWindowSeconds: number | null;
      /**
      * @description Maximum requests in a longer window, if the key has a quota of its own.
      * @example null
      */
      quota: number | null;
      /**
      * @description Length of that longer window, if the key has one of its own.
      * @example null
      */
      quotaWindowSeconds: number | null;
      /**
      * Format: password
      * @description The key itself, shown only once: `cck_<public id>_<secret><checksum>`.
      * @example cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f_…
      */
      apiKey: string;
    };
    ApiKeyReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /**
      * @description Name of the key.
      * @example nightly export
      */
      name: string;
      /**
      * @description Beginning of the key, which is not secret.
      * @example cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f
      */
      prefix: string;
      /**
      * @description Scopes of the key.
      * @example [
      *       "orders:read"
      *     ]
      */
      scopes: string[];
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time of the last use, written with a delay of some seconds; null: never.
      * @example null
      */
      lastUsedAt: string | null;
      /**
      * Format: date-time
      * @description Expiry time; null: the key does not expire.
      * @example 2027-11-21T09:00:00.000Z
      */
      expiresAt: string | null;
      /**
      * Format: date-time
      * @description Time at which the key was rotated; null: it was not.
      * @example null
      */
      rotatedAt: string | null;
      /**
      * @description Maximum requests in a window, if the key has a limit of its own.
      * @example null
      */
      rateLimit: number | null;
      /**
      * @description Length of that window, if the key has one of its own.
      * @example null
      */
      rateLimitWindowSeconds: number | null;
      /**
      * @description Maximum requests in a longer window, if the key has a quota of its own.
      * @example null
      */
      quota: number | null;
      /**
      * @description Length of that longer window, if the key has one of its own.
      * @example null
      */
      quotaWindowSeconds: number | null;
    };
    ApiKeysReply: {
      /** @description Keys that are not revoked, the most recently created first. */
      apiKeys: components["schemas"]["ApiKeyReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    DayOfUsageReply: {
      /**
      * Format: date
      * @description Day, in UTC.
      * @example 2026-11-21
      */
      day: string;
      /**
      * @description Number of requests in which the key was recognized.
      * @example 1201
      */
      requests: number;
      /**
      * @description Number of these requests that a limit of the key refused.
      * @example 1
      */
      refused: number;
    };
    ApiKeyUsageReply: {
      /** @description Days within the last 90 on which the key was used, the most recent first. */
      days: components["schemas"]["DayOfUsageReply"][];
    };
    RotateApiKeyRequest: {
      /**
      * @description How long the old key stays valid. 0: it is revoked at once. Absent: `API_KEY_OVERLAP_SECONDS`.
      * @example 3600
      */
      overlapSeconds?: number;
    };
    CreateOwnedApiKeyRequest: {
      /**
      * @description Purpose of the key.
      * @example nightly export
      */
      name: string;
      /**
      * @description Scopes of the key. Each route documents the scopes it requires.
      * @example [
      *       "orders:read"
      *     ]
      */
      scopes: string[];
      /** @description Lifetime of the key. Absent: `API_KEY_MAX_SECONDS`; by default the key does not expire. */
      expiresInSeconds?: number;
      /** @description Maximum requests in a window. Absent: `API_KEY_RATE_LIMIT`. */
      rateLimit?: number;
      /** @description Length of the window. Absent: `API_KEY_RATE_LIMIT_WINDOW_SECONDS`. */
      rateLimitWindowSeconds?: number;
      /** @description Maximum requests in a longer window. Absent: `API_KEY_QUOTA`. */
      quota?: number;
      /** @description Length of the longer window. Absent: `API_KEY_QUOTA_WINDOW_SECONDS`. */
      quotaWindowSeconds?: number;
    };
    CertificateReply: {
      /**
      * @description Trust anchor of the certificate.
      * @example default
      */
      anchor: string;
      /**
      * @description Issuer of the certificate, RFC 4514.
      * @example CN=Example CA, O=Example
      */
      issuer: string;
      /**
      * @description Serial number, hexadecimal. It is unique for each issuer.
      * @example 4f2a
      */
      serialNumber: string;
      /**
      * @description SHA-256 of the certificate, 64 hexadecimal digits; null if the certificate was never used here.
      * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
      */
      fingerprint: string | null;
      /**
      * @description Subject, RFC 4514; null if the certificate was never used here.
      * @example CN=orders
      */
      subject: string | null;
      /**
      * Format: date-time
      * @description Expiry time of the certificate.
      */
      notAfter: string | null;
      /**
      * Format: date-time
      * @description Time of its first use here; null: never.
      */
      firstUsedAt: string | null;
      /**
      * Format: date-time
      * @description Time of its revocation here; null: it is not revoked.
      */
      revokedAt: string | null;
    };
    CertificatesReply: {
      /** @description The most recent first. */
      certificates: components["schemas"]["CertificateReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    RevokeCertificateRequest: {
      /**
      * @description Trust anchor of the certificate, as named in the configuration.
      * @example default
      */
      anchor: string;
      /**
      * @description Issuer of the certificate, as listed (RFC 4514): `openssl x509 -issuer -nameopt RFC2253`.
      * @example CN=Example CA, O=Example
      */
      issuer: string;
      /**
      * @description Serial number of the certificate, as listed: hexadecimal, with or without colons; `openssl x509 -serial`.
      * @example 4f2a
      */
      serialNumber: string;
    };
    CertificateNameReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e10
      */
      id: string;
      /**
      * @description Trust anchor to which the name is limited.
      * @example default
      */
      anchor: string;
      /**
      * @description Part of the certificate that contains the name.
      * @example spiffe
      * @enum {string}
      */
      kind: "spiffe" | "uri" | "dns" | "subject";
      /**
      * @description Name, in the form in which it is compared.
      * @example spiffe://example.org/orders
      */
      value: string;
      /**
      * @description Scopes that certificates with this name have.
      * @example [
      *       "orders:read"
      *     ]
      */
      scopes: string[];
      /**
      * Format: date-time
      * @description Time at which the name was added.
      */
      createdAt: string;
    };
    CertificateNamesReply: {
      /** @description The most recent first. */
      certificateNames: components["schemas"]["CertificateNameReply"][];
    };
    CertificateNameRequest: {
      /**
      * @description Trust anchor to which the name is limited, as named in the configuration.
      * @example default
      */
      anchor: string;
      /**
      * @description Part of the certificate that contains the name: its SPIFFE id, a URI or DNS name among the alternative names, or the subject.
      * @example spiffe
      * @enum {string}
      */
      kind: "spiffe" | "uri" | "dns" | "subject";
      /**
      * @description Name, compared as a whole. Write a subject as the list of certificates shows it (RFC 4514).
      * @example spiffe://example.org/orders
      */
      value: string;
      /**
      * @description Scopes that certificates with this name have.
      * @example [
      *       "orders:read"
      *     ]
      */
      scopes: string[];
    };
    OAuthClientReply: {
      /**
      * @description `client_id`.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /**
      * @description Name, as users see it.
      * @example Shop
      */
      name: string;
      /**
      * @description Created by an admin, registered by itself, or of the file `OAUTH_CLIENTS`.
      * @example admin
      * @enum {string}
      */
      origin: "admin" | "registered" | "file";
      /**
      * @description Whether it can keep a secret or a key.
      * @example confidential
      * @enum {string}
      */
      type: "confidential" | "public";
      /**
      * @description Redirect URIs.
      * @example [
      *       "https://shop.example.com/callback"
      *     ]
      */
      redirectUris: string[];
      /**
      * @description Where users may be sent after a logout.
      * @example []
      */
      postLogoutRedirectUris: string[];
      /**
      * @description What the client may exchange for tokens.
      * @example [
      *       "authorization_code",
      *       "refresh_token"
      *     ]
      */
      grantTypes: ("authorization_code" | "refresh_token" | "client_credentials" | "urn:ietf:params:oauth:grant-type:device_code")[];
      /**
      * @description How it authenticates.
      * @example client_secret_basic
      * @enum {string}
      */
      tokenEndpointAuthMethod: "none" | "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "tls_client_auth" | "self_signed_tls_client_auth";
      /**
      * @description Public keys.
      * @example null
      */
      jwks: {
        [key: string]: unknown;
      } | null;
      /**
      * @description Address of the public keys.
      * @example null
      */
      jwksUri: string | null;
      /**
      * @description Subject of its certificate.
      * @example null
      */
      tlsClientAuthSubjectDn: string | null;
      /**
      * @description DNS name in its certificate.
      * @example null
      */
      tlsClientAuthSanDns: string | null;
      /**
      * @description URI in its certificate.
      * @example null
      */
      tlsClientAuthSanUri: string | null;
      /**
      * @description Scopes that it may ask for. Null: all, for one that registered itself.
      * @example [
      *       "orders:read"
      *     ]
      */
      scopes: string[] | null;
      /**
      * @description Resources that it may ask tokens for. Null: all, for one that registered itself.
      * @example [
      *       "https://api.example.com"
      *     ]
      */
      resources: string[] | null;
      /**
      * @description Resource of its tokens when it names none.
      * @example null
      */
      defaultResource: string | null;
      /**
      * @description Whether users are not asked for consent.
      * @example false
      */
      firstParty: boolean;
      /**
      * @description Whether it must use PKCE.
      * @example true
      */
      requirePkce: boolean;
      /**
      * @description Signature algorithm of its ID tokens.
      * @example ES256
      * @enum {string}
      */
      idTokenSignedResponseAlg: "ES256" | "RS256";
      /**
      * @description Address that is told when a session ends.
      * @example null
      */
      backchannelLogoutUri: string | null;
      /**
      * @description Whether its tokens require DPoP.
      * @example false
      */
      dpopBoundAccessTokens: boolean;
      /**
      * @description Whether its tokens are bound to its client certificate.
      * @example false
      */
      tlsClientCertificateBoundAccessTokens: boolean;
      /**
      * @description Whether its authorization requests must be pushed.
      * @example false
      */
      requirePushedAuthorizationRequests: boolean;
      /**
      * Format: uuid
      * @description Service user as which it acts for itself.
      * @example null
      */
      serviceUserId: string | null;
      /**
      * @description Whether it is refused everywhere.
      * @example false
      */
      disabled: boolean;
      /**
      * Format: date-time
      * @description Until when the secret before is valid; null: there is none.
      * @example null
      */
      previousSecretValidUntil: string | null;
      /**
      * Format: date-time
      * @description RFC 3339, UTC; null for one of the file.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string | null;
      /**
      * Format: date-time
      * @description Time of its last use, at most an hour late; null: never, or one of the file.
      * @example null
      */
      lastUsedAt: string | null;
    };
    OAuthClientsReply: {
      /** @description Clients, the most recently created first. */
      clients: components["schemas"]["OAuthClientReply"][];
      /**
      * @description Clients of the file `OAUTH_CLIENTS`, which no route changes; on the first page only.
      * @example []
      */
      fileClients: components["schemas"]["OAuthClientReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    CreateClientRequest: {
      /**
      * @description Addresses to which users return, compared exactly: https, http to a loopback address, or a scheme with a dot. Required for `authorization_code`.
      * @example [
      *       "https://shop.example.com/callback"
      *     ]
      */
      redirectUris?: string[];
      /**
      * @description Addresses to which users may be sent after a logout that the client asked for.
      * @example [
      *       "https://shop.example.com/"
      *     ]
      */
      postLogoutRedirectUris?: string[];
      /**
      * @description What the client may exchange for tokens. Default: `authorization_code` and `refresh_token` if it has redirect URIs, `client_credentials` if it has a service user.
      * @example [
      *       "authorization_code",
      *       "refresh_token"
      *     ]
      */
      grantTypes?: ("authorization_code" | "refresh_token" | "client_credentials" | "urn:ietf:params:oauth:grant-type:device_code")[];
      /**
      * @description How the client authenticates. Default: `client_secret_basic` for a confidential client, `none` for a public one.
      * @example client_secret_basic
      * @enum {string}
      */
      tokenEndpointAuthMethod?: "none" | "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "tls_client_auth" | "self_signed_tls_client_auth";
      /** @description Public keys of the client (RFC 7517), for `private_key_jwt` and `self_signed_tls_client_auth`. */
      jwks?: {
        [key: string]: unknown;
      } | null;
      /**
      * @description Address of these keys, instead of `jwks`.
      * @example null
      */
      jwksUri?: string | null;
      /**
      * @description Subject of the client certificate (RFC 4514), for `tls_client_auth`. Exactly one of the three is required.
      * @example null
      */
      tlsClientAuthSubjectDn?: string | null;
      /**
      * @description DNS name in the client certificate.
      * @example null
      */
      tlsClientAuthSanDns?: string | null;
      /**
      * @description URI in the client certificate.
      * @example null
      */
      tlsClientAuthSanUri?: string | null;
      /**
      * @description Scopes of its resources that the client may ask for. Empty: none. Null: all, only for a client that registered itself, whose users are always asked.
      * @example [
      *       "orders:read"
      *     ]
      */
      scopes?: string[] | null;
      /**
      * @description Resources (RFC 8707) that the client may ask tokens for. Empty: none. Null: all, only for a client that registered itself.
      * @example [
      *       "https://api.example.com"
      *     ]
      */
      resources?: string[] | null;
      /**
      * @description One of `resources`: its tokens are issued when the client names none. Null: a token for userinfo only.
      * @example https://api.example.com
      */
      defaultResource?: string | null;
      /**
      * @description An application of the operator's own: users are not asked for consent. Default: false.
      * @example false
      */
      firstParty?: boolean;
      /**
      * @description False: a confidential client that uses `nonce` may leave out PKCE. Default: true.
      * @example true
      */
      requirePkce?: boolean;
      /**
      * @description Signature algorithm of ID tokens. Default: `ES256`.
      * @example ES256
      * @enum {string}
      */
      idTokenSignedResponseAlg?: "ES256" | "RS256";
      /**
      * @description Address that is told when a session ends in which the user had signed in to the client.
      * @example null
      */
      backchannelLogoutUri?: string | null;
      /**
      * @description Tokens are issued only with a DPoP proof (RFC 9449).
      * @example false
      */
      dpopBoundAccessTokens?: boolean;
      /**
      * @description Tokens are issued over a connection with a client certificate only, and bound to it (RFC 8705 §3).
      * @example false
      */
      tlsClientCertificateBoundAccessTokens?: boolean;
      /**
      * @description Authorization requests must be pushed first (RFC 9126).
      * @example false
      */
      requirePushedAuthorizationRequests?: boolean;
      /**
      * Format: uuid
      * @description Service user as which the client acts for itself. Required for `client_credentials`.
      * @example null
      */
      serviceUserId?: string | null;
      /**
      * @description Name, as users see it.
      * @example Shop
      */
      name: string;
      /**
      * @description `confidential`: it can keep a secret or a key. `public`: it runs in a browser or on a device of the user.
      * @example confidential
      * @enum {string}
      */
      type: "confidential" | "public";
    };
    NewOAuthClientReply: {
      /** @description The client. */
      client: components["schemas"]["OAuthClientReply"];
      /**
      * Format: password
      * @description Its secret (`client_secret`), shown only once. Absent: the client does not use one.
      * @example mUyGrtqZGvGTbTF3zcKqRyC0W6nSmzv0l2yhbWcHn0M
      */
      clientSecret?: string;
    };
    ChangeClientRequest: {
      /**
      * @description Addresses to which users return, compared exactly: https, http to a loopback address, or a scheme with a dot. Required for `authorization_code`.
      * @example [
      *       "https://shop.example.com/callback"
      *     ]
      */
      redirectUris?: string[];
      /**
      * @description Addresses to which users may be sent after a logout that the client asked for.
      * @example [
      *       "https://shop.example.com/"
      *     ]
      */
      postLogoutRedirectUris?: string[];
      /**
      * @description What the client may exchange for tokens. Default: `authorization_code` and `refresh_token` if it has redirect URIs, `client_credentials` if it has a service user.
      * @example [
      *       "authorization_code",
      *       "refresh_token"
      *     ]
      */
      grantTypes?: ("authorization_code" | "refresh_token" | "client_credentials" | "urn:ietf:params:oauth:grant-type:device_code")[];
      /**
      * @description How the client authenticates. Default: `client_secret_basic` for a confidential client, `none` for a public one.
      * @example client_secret_basic
      * @enum {string}
      */
      tokenEndpointAuthMethod?: "none" | "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "tls_client_auth" | "self_signed_tls_client_auth";
      /** @description Public keys of the client (RFC 7517), for `private_key_jwt` and `self_signed_tls_client_auth`. */
      jwks?: {
        [key: string]: unknown;
      } | null;
      /**
      * @description Address of these keys, instead of `jwks`.
      * @example null
      */
      jwksUri?: string | null;
      /**
      * @description Subject of the client certificate (RFC 4514), for `tls_client_auth`. Exactly one of the three is required.
      * @example null
      */
      tlsClientAuthSubjectDn?: string | null;
      /**
      * @description DNS name in the client certificate.
      * @example null
      */
      tlsClientAuthSanDns?: string | null;
      /**
      * @description URI in the client certificate.
      * @example null
      */
      tlsClientAuthSanUri?: string | null;
      /**
      * @description Scopes of its resources that the client may ask for. Empty: none. Null: all, only for a client that registered itself, whose users are always asked.
      * @example [
      *       "orders:read"
      *     ]
      */
      scopes?: string[] | null;
      /**
      * @description Resources (RFC 8707) that the client may ask tokens for. Empty: none. Null: all, only for a client that registered itself.
      * @example [
      *       "https://api.example.com"
      *     ]
      */
      resources?: string[] | null;
      /**
      * @description One of `resources`: its tokens are issued when the client names none. Null: a token for userinfo only.
      * @example https://api.example.com
      */
      defaultResource?: string | null;
      /**
      * @description An application of the operator's own: users are not asked for consent. Default: false.
      * @example false
      */
      firstParty?: boolean;
      /**
      * @description False: a confidential client that uses `nonce` may leave out PKCE. Default: true.
      * @example true
      */
      requirePkce?: boolean;
      /**
      * @description Signature algorithm of ID tokens. Default: `ES256`.
      * @example ES256
      * @enum {string}
      */
      idTokenSignedResponseAlg?: "ES256" | "RS256";
      /**
      * @description Address that is told when a session ends in which the user had signed in to the client.
      * @example null
      */
      backchannelLogoutUri?: string | null;
      /**
      * @description Tokens are issued only with a DPoP proof (RFC 9449).
      * @example false
      */
      dpopBoundAccessTokens?: boolean;
      /**
      * @description Tokens are issued over a connection with a client certificate only, and bound to it (RFC 8705 §3).
      * @example false
      */
      tlsClientCertificateBoundAccessTokens?: boolean;
      /**
      * @description Authorization requests must be pushed first (RFC 9126).
      * @example false
      */
      requirePushedAuthorizationRequests?: boolean;
      /**
      * Format: uuid
      * @description Service user as which the client acts for itself. Required for `client_credentials`.
      * @example null
      */
      serviceUserId?: string | null;
      /**
      * @description Name, as users see it.
      * @example Shop
      */
      name?: string;
      /**
      * @description Changes together with `tokenEndpointAuthMethod`.
      * @example confidential
      * @enum {string}
      */
      type?: "confidential" | "public";
      /**
      * @description True: the client is refused everywhere, with everything that users have granted it. Enabled again, it begins with no grant.
      * @example false
      */
      disabled?: boolean;
    };
    RenewSecretRequest: {
      /**
      * @description How long the secret before stays valid. 0: it is void at once. Default: 86400.
      * @example 3600
      */
      overlapSeconds?: number;
    };
    CreateRegistrationTokenRequest: {
      /**
      * @description Lifetime of the token.
      * @example 86400
      */
      expiresInSeconds: number;
      /**
      * @description How many clients it lets register.
      * @example 10
      */
      uses: number;
    };
    NewRegistrationTokenReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /**
      * @description How many more clients it lets register.
      * @example 10
      */
      usesLeft: number;
      /**
      * Format: uuid
      * @description Id of the admin who created it.
      */
      createdBy: string;
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time at which it expires, RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      expiresAt: string;
      /**
      * Format: password
      * @description The token itself, shown only once: `Authorization: Bearer …` of a registration.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f.p0wqZ…
      */
      token: string;
    };
    RegistrationTokenReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /**
      * @description How many more clients it lets register.
      * @example 10
      */
      usesLeft: number;
      /**
      * Format: uuid
      * @description Id of the admin who created it.
      */
      createdBy: string;
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time at which it expires, RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      expiresAt: string;
    };
    RegistrationTokensReply: {
      /** @description Valid tokens, the most recent first. */
      registrationTokens: components["schemas"]["RegistrationTokenReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    ResourceReply: {
      /**
      * @description URI of the resource (RFC 8707).
      * @example https://api.example.com
      */
      uri: string;
      /**
      * @description Name, as users see it.
      * @example Orders
      */
      name: string;
      /**
      * @description What each scope lets a client do, by scope.
      * @example {
      *       "orders:read": "See your orders"
      *     }
      */
      scopes: {
        [key: string]: string;
      };
      /**
      * @description Lifetime of its access tokens.
      * @example 300
      */
      accessTokenSeconds: number;
      /**
      * @description Client that may introspect every token for it; null: each client only its own.
      * @example null
      */
      operatorClientId: string | null;
      /**
      * @description `own`: this application itself, whose scopes are those of its routes. `file`: of `OAUTH_RESOURCES`.
      * @example admin
      * @enum {string}
      */
      origin: "own" | "admin" | "file";
    };
    ResourcesReply: {
      /** @description This application itself, then all others by URI. */
      resources: components["schemas"]["ResourceReply"][];
    };
    SaveResourceRequest: {
      /**
      * @description Name, as users see it. Default: the URI.
      * @example Orders
      */
      name?: string;
      /**
      * @description What each scope lets a client do, in words for users, by scope.
      * @example {
      *       "orders:read": "See your orders"
      *     }
      */
      scopes: {
        [key: string]: string;
      };
      /**
      * @description Lifetime of its access tokens. Absent: `OAUTH_ACCESS_TOKEN_SECONDS`.
      * @example 300
      */
      accessTokenSeconds?: number | null;
      /**
      * @description Client that may introspect every token for it. Absent: each client only its own.
      * @example null
      */
      operatorClientId?: string | null;
    };
    GrantedClientReply: {
      /**
      * @description The `client_id`.
      * @example 01936f2e-9c2b-7d4e-8f50-6b7c8d9e0f1a
      */
      id: string;
      /**
      * @description Name of the client. Clients that registered themselves chose it.
      * @example Reports
      */
      name: string;
      /**
      * @description Host that the client is called back at; null: it runs on a device, or is not known.
      * @example reports.example.com
      */
      host: string | null;
      /**
      * @description Hosts, and schemes of programs, that browsers return to. Empty: a device, or not known. Tells clients of one name apart.
      * @example [
      *       "reports.example.com"
      *     ]
      */
      redirectHosts: string[];
      /**
      * Format: date-time
      * @description When it registered itself, which any client may do under any name; null: it did not. RFC 3339, UTC.
      * @example null
      */
      registeredAt: string | null;
      /**
      * @description Whether it is one of the operator's own applications.
      * @example false
      */
      firstParty: boolean;
    };
    GrantReply: {
      /**
      * Format: uuid
      * @description UUIDv7.
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      id: string;
      /** @description The client. */
      client: components["schemas"]["GrantedClientReply"];
      /**
      * @description Scopes by resource; those of OpenID Connect under `openid`.
      * @example {
      *       "openid": [
      *         "openid",
      *         "profile"
      *       ],
      *       "https://api.example.com": [
      *         "read"
      *       ]
      *     }
      */
      scopes: {
        [key: string]: string[];
      };
      /**
      * @description Whether it goes on without a session of the user. Otherwise it ends with the session.
      * @example false
      */
      offline: boolean;
      /**
      * @description Whether it ends with the session of this request.
      * @example true
      */
      current: boolean;
      /**
      * Format: date-time
      * @description RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      createdAt: string;
      /**
      * Format: date-time
      * @description Time of the last use, to the hour; null: never.
      * @example null
      */
      lastUsedAt: string | null;
      /**
      * Format: date-time
      * @description It ends at this time at the latest.
      * @example 2026-12-21T09:00:00.000Z
      */
      expiresAt: string;
    };
    ConsentReply: {
      /**
      * @description The `client_id`.
      * @example 01936f2e-9c2b-7d4e-8f50-6b7c8d9e0f1a
      */
      clientId: string;
      /** @description The client; null: it is not known any more. */
      client: components["schemas"]["GrantedClientReply"] | null;
      /**
      * @description Scopes by resource; those of OpenID Connect under `openid`.
      * @example {
      *       "openid": [
      *         "openid",
      *         "profile"
      *       ],
      *       "https://api.example.com": [
      *         "read"
      *       ]
      *     }
      */
      scopes: {
        [key: string]: string[];
      };
      /**
      * Format: date-time
      * @description When it was last given. RFC 3339, UTC.
      * @example 2026-11-21T09:00:00.000Z
      */
      givenAt: string;
    };
    OwnGrantsReply: {
      /** @description Grants in force, the latest first. A page may be short although more follow. */
      grants: components["schemas"]["GrantReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
      /** @description Remembered consents, the latest first, at most 100; only on the first page. */
      consents: components["schemas"]["ConsentReply"][];
    };
    GrantsReply: {
      /** @description Grants in force, the latest first. A page may be short although more follow. */
      grants: components["schemas"]["GrantReply"][];
      /**
      * @description Cursor of the next page; null on the last page.
      * @example null
      */
      nextCursor: string | null;
    };
    NotifiedClientReply: {
      /**
      * @description Id of the client (`client_id`).
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      clientId: string;
      /**
      * @description Its name; null if it was deleted.
      * @example Shop
      */
      name: string | null;
      /**
      * @description Number of notices that wait for delivery, among 10,000 of all clients.
      * @example 0
      */
      waiting: number;
      /**
      * @description Number of notices whose delivery was given up, among the 10,000 most recent ones of all clients.
      * @example 3
      */
      dead: number;
    };
    UndeliveredNoticeReply: {
      /**
      * @description Id of the client (`client_id`).
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      clientId: string;
      /**
      * Format: uuid
      * @description Id of the user whose session ended.
      */
      userId: string;
      /**
      * Format: uuid
      * @description Id of the session that ended.
      */
      sessionId: string;
      /**
      * @description Number of attempts.
      * @example 10
      */
      attempts: number;
      /**
      * @description Error of the last attempt.
      * @example status 500
      */
      lastError: string | null;
      /**
      * Format: date-time
      * @description Time at which the session ended.
      */
      endedAt: string;
      /**
      * Format: date-time
      * @description Time at which delivery was given up.
      */
      deadAt: string;
    };
    LogoutNoticesReply: {
      /** @description Clients that notices are kept for, at most 100: those with the most that were given up first. */
      clients: components["schemas"]["NotifiedClientReply"][];
      /** @description At most 100 notices whose delivery was given up, the most recent first. */
      deadLetters: components["schemas"]["UndeliveredNoticeReply"][];
    };
    NotifiedClientRequest: {
      /**
      * @description Id of the client (`client_id`).
      * @example 01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f
      */
      clientId: string;
    };
    ReviveNoticesReply: {
      /**
      * @description Number of notices that are sent again.
      * @example 3
      */
      revived: number;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, unknown>;
export interface operations {
  rotateSigningKeys: {
    requestBody?: { content: { "application/json": components["schemas"]["RotationRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  readMe: {
    responses: {
      200: { content: { "application/json": components["schemas"]["MeReply"]; } };
      304: {
      };
      default: { content: { "application/problem+json": { code: "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "rate_limited" | "unavailable"; } } };
    };
  };
  deleteMe: {
    requestBody?: { content: { "application/json": components["schemas"]["DeleteUserRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "csrf_rejected" | "forbidden" | "conflict" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  changeMe: {
    requestBody?: { content: { "application/json": components["schemas"]["ChangeProfileRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["UserReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "csrf_rejected" | "forbidden" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listSessions: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["SessionsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  endSession: {
    parameters: {
      path: {
        /** @description Id of the session, as listed. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "csrf_rejected" | "forbidden" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  logout: {
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  logoutAll: {
    requestBody?: { content: { "application/json": components["schemas"]["LogoutAllRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "csrf_rejected" | "forbidden" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  readUsername: {
    responses: {
      200: { content: { "application/json": components["schemas"]["UsernameReply"]; } };
      default: { content: { "application/problem+json": { code: "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  chooseUsername: {
    requestBody: { content: { "application/json": components["schemas"]["ChooseUsernameRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["UsernameReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "csrf_rejected" | "forbidden" | "conflict" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  removeUsername: {
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "csrf_rejected" | "forbidden" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  showVerificationPage: {
    responses: {
      200: {
      };
      default: { content: { "application/problem+json": { code: "unavailable"; } } };
    };
  };
  verifyEmail: {
    requestBody: { content: { "application/json": components["schemas"]["VerifyEmailRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["PasswordRequiredReply"]; } };
      204: {
      };
      default: { content: { "application/problem+json": { code: "invalid_token" | "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  sendVerification: {
    requestBody: { content: { "application/json": components["schemas"]["SendVerificationRequest"]; } };
    responses: {
      202: { content: { "application/json": components["schemas"]["VerificationSentReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  listDevices: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["DevicesReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  forgetDevice: {
    parameters: {
      path: {
        /** @description Id of the browser, as listed. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "csrf_rejected" | "forbidden" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  showUnlockPage: {
    responses: {
      200: {
      };
      default: { content: { "application/problem+json": { code: "unavailable"; } } };
    };
  };
  unlock: {
    requestBody: { content: { "application/json": components["schemas"]["UnlockRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "invalid_token" | "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  stepUp: {
    requestBody?: { content: { "application/json": components["schemas"]["StepUpRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["LoginReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  listFactors: {
    responses: {
      200: { content: { "application/json": components["schemas"]["FactorsReply"]; } };
      default: { content: { "application/problem+json": { code: "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  login: {
    requestBody: { content: { "application/json": components["schemas"]["LoginRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["LoginReply"] | components["schemas"]["FactorRequiredReply"] | components["schemas"]["EnrolmentRequiredReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "email_unverified" | "user_banned" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  proveFactor: {
    requestBody: { content: { "application/json": components["schemas"]["FactorLoginRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["LoginReply"] | components["schemas"]["FactorRequiredReply"] | components["schemas"]["EnrolmentRequiredReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "email_unverified" | "user_banned" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  changeEmail: {
    requestBody: { content: { "application/json": components["schemas"]["ChangeEmailRequest"]; } };
    responses: {
      202: { content: { "application/json": components["schemas"]["EmailChangeReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  showEmailChangePage: {
    responses: {
      200: {
      };
      default: { content: { "application/problem+json": { code: "unavailable"; } } };
    };
  };
  confirmEmailChange: {
    requestBody: { content: { "application/json": components["schemas"]["MailedTokenRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "invalid_token" | "validation_failed" | "csrf_rejected" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  showEmailChangeUndoPage: {
    responses: {
      200: {
      };
      default: { content: { "application/problem+json": { code: "unavailable"; } } };
    };
  };
  undoEmailChange: {
    requestBody: { content: { "application/json": components["schemas"]["MailedTokenRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "invalid_token" | "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  showNotMePage: {
    responses: {
      200: {
      };
      default: { content: { "application/problem+json": { code: "unavailable"; } } };
    };
  };
  disown: {
    requestBody: { content: { "application/json": components["schemas"]["NotMeRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "invalid_token" | "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  exportMyData: {
    responses: {
      200: { content: { "application/json": components["schemas"]["DataExportReply"]; } };
      default: { content: { "application/problem+json": { code: "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "rate_limited" | "unavailable"; } } };
    };
  };
  readMyLog: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
        /** @description Only entries of this kind. */
        kind?: "sign_in" | "credentials" | "api_keys" | "account";
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["SecurityLogReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  listWebhooks: {
    responses: {
      200: { content: { "application/json": components["schemas"]["WebhooksReply"]; } };
      default: { content: { "application/problem+json": { code: "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  testWebhook: {
    requestBody: { content: { "application/json": components["schemas"]["DestinationRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["TestReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listDeadLetters: {
    responses: {
      200: { content: { "application/json": components["schemas"]["DeadLettersReply"]; } };
      default: { content: { "application/problem+json": { code: "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  reviveDeadLetters: {
    requestBody: { content: { "application/json": components["schemas"]["DestinationRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["ReviveReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  lookUpTicket: {
    requestBody: { content: { "application/json": components["schemas"]["LookUpRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["AcceptedReply"] | components["schemas"]["RefusedReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "csrf_rejected" | "forbidden" | "conflict" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  followRevocations: {
    requestBody?: { content: { "application/json": components["schemas"]["OpenStreamRequest"]; } };
    responses: {
      200: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "csrf_rejected" | "forbidden" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  renewLease: {
    parameters: {
      path: {
        /** @description Id of the lease, from the first line of the stream. */
        id: string;
      };
    };
    requestBody: { content: { "application/json": components["schemas"]["RenewRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["FollowerReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "csrf_rejected" | "forbidden" | "not_found" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  endLease: {
    parameters: {
      path: {
        /** @description Id of the lease, from the first line of the stream. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "csrf_rejected" | "forbidden" | "not_found" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  listUsers: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
        /** @description Text that the e-mail address or the name contains, in upper or lower case. A whole username finds its user. `@example.com` finds exactly the users of that domain, if there are any. */
        search?: string;
        /** @description Only users with this status. */
        status?: "active" | "banned" | "unverified" | "locked";
        /** @description Only persons, or only service users. */
        kind?: "person" | "service";
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["UsersReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  createUser: {
    requestBody?: { content: { "application/json": components["schemas"]["CreateUserRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["AdminUserReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  readUser: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["AdminUserReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "unavailable"; } } };
    };
  };
  deleteUser: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  changeUser: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    requestBody?: { content: { "application/json": components["schemas"]["ChangeUserRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["AdminUserReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  setRoles: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    requestBody: { content: { "application/json": components["schemas"]["RolesRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["AdminUserReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  banUser: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    requestBody?: { content: { "application/json": components["schemas"]["BanRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  unbanUser: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  unlockUser: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  logOutUser: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  mailPasswordReset: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    responses: {
      202: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  resetFactors: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  impersonateUser: {
    parameters: {
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    requestBody?: { content: { "application/json": components["schemas"]["ImpersonateRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["LoginReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listUserSessions: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["AdminSessionsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "unavailable"; } } };
    };
  };
  listAllSessions: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["AllSessionsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  endAnySession: {
    parameters: {
      path: {
        /** @description Id of the session. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  revokeAll: {
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  readAudit: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
        /** @description Only events that concern this user. */
        userId?: string;
        /** @description Only events that this user caused, e.g. an admin. */
        actorId?: string;
        /** @description Only events that were requested from this IP address. */
        ip?: string;
        /** @description Only events of this type, e.g. `login.failed`. A trailing dot finds all types with that prefix, e.g. `login.`. */
        type?: string;
        /** @description Only events at or after this time, RFC 3339. */
        from?: string;
        /** @description Only events before this time, RFC 3339. */
        to?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["AuditReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  createFirstAdmin: {
    requestBody: { content: { "application/json": components["schemas"]["BootstrapRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["UserReply"]; } };
      default: { content: { "application/problem+json": { code: "invalid_token" | "validation_failed" | "csrf_rejected" | "conflict" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  listInvitations: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["InvitationsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  invite: {
    requestBody: { content: { "application/json": components["schemas"]["InviteRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["InvitationReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  withdrawInvitation: {
    parameters: {
      path: {
        /** @description Id of the invitation. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  showInvitationPage: {
    responses: {
      200: {
      };
      default: { content: { "application/problem+json": { code: "unavailable"; } } };
    };
  };
  acceptInvitation: {
    requestBody: { content: { "application/json": components["schemas"]["AcceptInvitationRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "invalid_token" | "validation_failed" | "csrf_rejected" | "conflict" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  register: {
    requestBody: { content: { "application/json": components["schemas"]["RegisterRequest"]; } };
    responses: {
      202: { content: { "application/json": components["schemas"]["VerificationSentReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "forbidden" | "csrf_rejected" | "conflict" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  forgotPassword: {
    requestBody: { content: { "application/json": components["schemas"]["ForgotPasswordRequest"]; } };
    responses: {
      202: { content: { "application/json": components["schemas"]["ResetSentReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  showResetPage: {
    responses: {
      200: {
      };
      default: { content: { "application/problem+json": { code: "unavailable"; } } };
    };
  };
  resetPassword: {
    requestBody: { content: { "application/json": components["schemas"]["ResetPasswordRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "invalid_token" | "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  changePassword: {
    requestBody: { content: { "application/json": components["schemas"]["ChangePasswordRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["NewTicketsReply"]; } };
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  importUsers: {
    requestBody: { content: { "application/json": components["schemas"]["ImportRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["ImportReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  beginTotp: {
    requestBody?: { content: { "application/json": components["schemas"]["BeginTotpRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["TotpSecretReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "csrf_rejected" | "forbidden" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  removeTotp: {
    requestBody?: { content: { "application/json": components["schemas"]["TransportRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["TicketsReply"]; } };
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "csrf_rejected" | "forbidden" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  confirmTotp: {
    requestBody: { content: { "application/json": components["schemas"]["ConfirmTotpRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["TotpConfirmedReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "csrf_rejected" | "forbidden" | "conflict" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  renewRecoveryCodes: {
    requestBody?: { content: { "application/json": components["schemas"]["RenewRecoveryCodesRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["RecoveryCodesReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "csrf_rejected" | "forbidden" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  createPasskeyOptions: {
    requestBody?: { content: { "application/json": components["schemas"]["PasskeyOptionsRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["CreationOptionsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  listPasskeys: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["PasskeysReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  registerPasskey: {
    requestBody: { content: { "application/json": components["schemas"]["RegisterPasskeyRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["RegisteredPasskeyReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  removePasskey: {
    parameters: {
      path: {
        /** @description Id of the passkey, as listed. */
        id: string;
      };
    };
    requestBody?: { content: { "application/json": components["schemas"]["RemovePasskeyRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["TicketsReply"]; } };
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  renamePasskey: {
    parameters: {
      path: {
        /** @description Id of the passkey, as listed. */
        id: string;
      };
    };
    requestBody: { content: { "application/json": components["schemas"]["RenamePasskeyRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["PasskeyReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  createPasskeyLoginOptions: {
    requestBody?: { content: { "application/json": components["schemas"]["PasskeyLoginOptionsRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["RequestOptionsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  logInByPasskey: {
    requestBody: { content: { "application/json": components["schemas"]["PasskeyLoginRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["LoginReply"] | components["schemas"]["FactorRequiredReply"] | components["schemas"]["EnrolmentRequiredReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "email_unverified" | "user_banned" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  createPasskeyStepUpOptions: {
    responses: {
      200: { content: { "application/json": components["schemas"]["RequestOptionsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  sendLoginMail: {
    requestBody: { content: { "application/json": components["schemas"]["SendLoginMailRequest"]; } };
    responses: {
      202: { content: { "application/json": components["schemas"]["LoginMailSentReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  showMailboxLinkPage: {
    responses: {
      200: {
      };
      default: { content: { "application/problem+json": { code: "unavailable"; } } };
    };
  };
  logInByMailbox: {
    requestBody?: { content: { "application/json": components["schemas"]["MailboxLoginRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["LoginReply"] | components["schemas"]["FactorRequiredReply"] | components["schemas"]["EnrolmentRequiredReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "invalid_credentials" | "email_unverified" | "user_banned" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  startFederatedLogin: {
    requestBody?: { content: { "application/json": components["schemas"]["FederatedLoginRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["FederatedLoginReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  finishFederatedFlow: {
    parameters: {
      path: {
        /** @description Name of the connection. */
        slug: string;
      };
    };
    responses: {
      303: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "rate_limited" | "unavailable"; } } };
    };
  };
  passFederatedAnswer: {
    parameters: {
      path: {
        /** @description Name of the connection. */
        slug: string;
      };
    };
    responses: {
      303: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  startFederatedStepUp: {
    requestBody: { content: { "application/json": components["schemas"]["LinkRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["AuthorizationReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  listIdentities: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["IdentitiesReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  linkIdentity: {
    requestBody: { content: { "application/json": components["schemas"]["LinkRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["AuthorizationReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  unlinkIdentity: {
    parameters: {
      path: {
        /** @description Id of the linked login, as listed. */
        id: string;
      };
    };
    requestBody?: { content: { "application/json": components["schemas"]["UnlinkRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["TicketsReply"]; } };
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  logOutByProvider: {
    parameters: {
      path: {
        /** @description Name of the connection. */
        slug: string;
      };
    };
    responses: {
      200: {
      };
      400: {
        content: {
          "application/json": {
            /**
            * @description One of OAuth 2.
            * @example invalid_request
            */
            error: string;
            /** @description Explanation for people. */
            error_description?: string;
          };
        };
      };
      403: {
        content: {
          "application/json": {
            /**
            * @description One of OAuth 2.
            * @example invalid_request
            */
            error: string;
            /** @description Explanation for people. */
            error_description?: string;
          };
        };
      };
      404: {
        content: {
          "application/json": {
            /**
            * @description One of OAuth 2.
            * @example invalid_request
            */
            error: string;
            /** @description Explanation for people. */
            error_description?: string;
          };
        };
      };
      413: {
        content: {
          "application/json": {
            /**
            * @description One of OAuth 2.
            * @example invalid_request
            */
            error: string;
            /** @description Explanation for people. */
            error_description?: string;
          };
        };
      };
      415: {
        content: {
          "application/json": {
            /**
            * @description One of OAuth 2.
            * @example invalid_request
            */
            error: string;
            /** @description Explanation for people. */
            error_description?: string;
          };
        };
      };
      429: {
        content: {
          "application/json": {
            /**
            * @description One of OAuth 2.
            * @example invalid_request
            */
            error: string;
            /** @description Explanation for people. */
            error_description?: string;
          };
        };
      };
      503: {
        content: {
          "application/json": {
            /**
            * @description One of OAuth 2.
            * @example invalid_request
            */
            error: string;
            /** @description Explanation for people. */
            error_description?: string;
          };
        };
      };
      default: { content: { "application/problem+json": { code: never; } } };
    };
  };
  listConnections: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["ConnectionsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  createConnection: {
    requestBody: { content: { "application/json": components["schemas"]["CreateConnectionRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["ConnectionReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  readConnection: {
    parameters: {
      path: {
        /** @description Id of the connection. */
        id: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["ConnectionReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "unavailable"; } } };
    };
  };
  deleteConnection: {
    parameters: {
      path: {
        /** @description Id of the connection. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  changeConnection: {
    parameters: {
      path: {
        /** @description Id of the connection. */
        id: string;
      };
    };
    requestBody?: { content: { "application/json": components["schemas"]["ChangeConnectionRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["ConnectionReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  addConnectionDomain: {
    parameters: {
      path: {
        /** @description Id of the connection. */
        id: string;
      };
    };
    requestBody: { content: { "application/json": components["schemas"]["AddDomainRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["ConnectionDomainReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  removeConnectionDomain: {
    parameters: {
      path: {
        /** @description Id of the connection. */
        id: string;
        /** @description The domain. */
        domain: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  refreshTokens: {
    requestBody?: { content: { "application/json": components["schemas"]["RefreshRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["RefreshReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "session_ended" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "rate_limited" | "unavailable"; } } };
    };
  };
  listApiKeys: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["ApiKeysReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  createApiKey: {
    requestBody: { content: { "application/json": components["schemas"]["CreateApiKeyRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["NewApiKeyReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  readApiKeyUsage: {
    parameters: {
      path: {
        /** @description Id of the key, as listed. */
        id: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["ApiKeyUsageReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "unavailable"; } } };
    };
  };
  rotateApiKey: {
    parameters: {
      path: {
        /** @description Id of the key, as listed. */
        id: string;
      };
    };
    requestBody?: { content: { "application/json": components["schemas"]["RotateApiKeyRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["NewApiKeyReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  revokeApiKey: {
    parameters: {
      path: {
        /** @description Id of the key, as listed. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listUserApiKeys: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
      path: {
        /** @description Id of the user. */
        userId: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["ApiKeysReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "unavailable"; } } };
    };
  };
  createUserApiKey: {
    parameters: {
      path: {
        /** @description Id of the user. */
        userId: string;
      };
    };
    requestBody: { content: { "application/json": components["schemas"]["CreateOwnedApiKeyRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["NewApiKeyReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  readUserApiKeyUsage: {
    parameters: {
      path: {
        /** @description Id of the user. */
        userId: string;
        /** @description Id of the key. */
        id: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["ApiKeyUsageReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "unavailable"; } } };
    };
  };
  rotateUserApiKey: {
    parameters: {
      path: {
        /** @description Id of the user. */
        userId: string;
        /** @description Id of the key. */
        id: string;
      };
    };
    requestBody?: { content: { "application/json": components["schemas"]["RotateApiKeyRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["NewApiKeyReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  revokeUserApiKey: {
    parameters: {
      path: {
        /** @description Id of the user. */
        userId: string;
        /** @description Id of the key. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listCertificates: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
      path: {
        /** @description Id of the service user. */
        id: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["CertificatesReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "conflict" | "unavailable"; } } };
    };
  };
  revokeCertificate: {
    parameters: {
      path: {
        /** @description Id of the service user. */
        id: string;
      };
    };
    requestBody: { content: { "application/json": components["schemas"]["RevokeCertificateRequest"]; } };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listCertificateNames: {
    parameters: {
      path: {
        /** @description Id of the service user. */
        id: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["CertificateNamesReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "conflict" | "unavailable"; } } };
    };
  };
  addCertificateName: {
    parameters: {
      path: {
        /** @description Id of the service user. */
        id: string;
      };
    };
    requestBody: { content: { "application/json": components["schemas"]["CertificateNameRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["CertificateNameReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  removeCertificateName: {
    parameters: {
      path: {
        /** @description Id of the service user. */
        id: string;
        /** @description Id of the name. */
        nameId: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listClients: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
        /** @description Only clients that admins created, or only those that registered themselves. */
        origin?: "admin" | "registered";
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["OAuthClientsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  createClient: {
    requestBody: { content: { "application/json": components["schemas"]["CreateClientRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["NewOAuthClientReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  readClient: {
    parameters: {
      path: {
        /** @description Id of the client (`client_id`). */
        id: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["OAuthClientReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "unavailable"; } } };
    };
  };
  deleteClient: {
    parameters: {
      path: {
        /** @description Id of the client (`client_id`). */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  changeClient: {
    parameters: {
      path: {
        /** @description Id of the client (`client_id`). */
        id: string;
      };
    };
    requestBody?: { content: { "application/json": components["schemas"]["ChangeClientRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["OAuthClientReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  renewClientSecret: {
    parameters: {
      path: {
        /** @description Id of the client (`client_id`). */
        id: string;
      };
    };
    requestBody?: { content: { "application/json": components["schemas"]["RenewSecretRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["NewOAuthClientReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listRegistrationTokens: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["RegistrationTokensReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  createRegistrationToken: {
    requestBody: { content: { "application/json": components["schemas"]["CreateRegistrationTokenRequest"]; } };
    responses: {
      201: { content: { "application/json": components["schemas"]["NewRegistrationTokenReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  deleteRegistrationToken: {
    parameters: {
      path: {
        /** @description Id of the token. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listResources: {
    responses: {
      200: { content: { "application/json": components["schemas"]["ResourcesReply"]; } };
      default: { content: { "application/problem+json": { code: "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  readResource: {
    parameters: {
      path: {
        /** @description URI of the resource, with every `/` written as `%2F`. */
        uri: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["ResourceReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "unavailable"; } } };
    };
  };
  saveResource: {
    parameters: {
      path: {
        /** @description URI of the resource, with every `/` written as `%2F`. */
        uri: string;
      };
    };
    requestBody: { content: { "application/json": components["schemas"]["SaveResourceRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["ResourceReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "step_up_required" | "forbidden" | "csrf_rejected" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  deleteResource: {
    parameters: {
      path: {
        /** @description URI of the resource, with every `/` written as `%2F`. */
        uri: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "conflict" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listGrants: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["OwnGrantsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  endGrant: {
    parameters: {
      path: {
        /** @description Id of the grant, as listed. */
        id: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  withdrawConsent: {
    parameters: {
      path: {
        /** @description Id of the client, as listed. */
        clientId: string;
      };
    };
    responses: {
      204: {
      };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "not_found" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
  listUserGrants: {
    parameters: {
      query?: {
        /** @description `nextCursor` of the previous page. Absent: the first page. */
        cursor?: string;
        /** @description Maximum entries on a page, 1 to 100. Default: 100 for the entries of one user, otherwise 50. */
        limit?: string;
      };
      path: {
        /** @description Id of the user. */
        id: string;
      };
    };
    responses: {
      200: { content: { "application/json": components["schemas"]["GrantsReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "not_found" | "unavailable"; } } };
    };
  };
  listLogoutNotices: {
    responses: {
      200: { content: { "application/json": components["schemas"]["LogoutNoticesReply"]; } };
      default: { content: { "application/problem+json": { code: "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "unavailable"; } } };
    };
  };
  reviveLogoutNotices: {
    requestBody: { content: { "application/json": components["schemas"]["NotifiedClientRequest"]; } };
    responses: {
      200: { content: { "application/json": components["schemas"]["ReviveNoticesReply"]; } };
      default: { content: { "application/problem+json": { code: "validation_failed" | "unauthenticated" | "token_expired" | "session_ended" | "forbidden" | "csrf_rejected" | "payload_too_large" | "unsupported_media_type" | "unavailable"; } } };
    };
  };
}
