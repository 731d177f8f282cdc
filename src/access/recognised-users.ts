/** Whether a user may pass whom somebody has recognised. The users feature provides it. */
export abstract class RecognisedUsers {
  /**
   * Answers without a promise when this node knows it for certain, and then throws instead of rejecting.
   *
   * @throws AuthError `session_ended` for a banned user, `unauthenticated` when there is no such user
   */
  abstract assertMayPass(userId: string): void | Promise<void>;
}
