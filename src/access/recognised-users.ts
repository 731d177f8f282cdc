/** Whether the users are banned whom a strategy has recognised without knowing. The users feature provides it. */
export abstract class RecognisedUsers {
  /**
   * Until when the user is banned; null for not at all. Answers without a promise when this node knows it for certain, and then throws
   * instead of rejecting.
   *
   * @throws AuthError `unauthenticated` when there is no such user
   */
  abstract bannedUntil(userId: string): Date | null | Promise<Date | null>;
}
