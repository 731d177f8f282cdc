/** How a Nest application verifies. */
export interface VerifyModuleSettings {
  /** Whether every route is closed to requests without a ticket, unless it is `@Public()`. Default true; false: use `VerifyGuard` yourself. */
  readonly globalGuard?: boolean;
}
