/** How long what the provider hands out lives, in seconds, where no option says it. */
export const OAUTH_TTL = {
  AuthorizationCode: 60,
  DeviceCode: 600,
  Interaction: 900,
  PushedAuthorizationRequest: 60,
  IdToken: 3600,
} as const;
