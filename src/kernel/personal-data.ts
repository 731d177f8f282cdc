/**
 * The data that a feature keeps about a user, for that user to take along: one part of `GET /auth/me/export`. The feature that keeps it declares it
 * once, under `personalData` of its `Feature`.
 *
 * @example
 * class Orders extends PersonalData {
 *   readonly name = 'orders';
 *   async *pagesOf(userId: string) {
 *     yield await this.orders.find({ where: { userId }, take: 500 });
 *   }
 * }
 */
export abstract class PersonalData {
  /** Its name in the exported document, camelCase, e.g. `apiKeys`. */
  abstract readonly name: string;

  /**
   * The rows, page by page, some hundreds in a page at most: the next page is asked for when the client has read the last one, so no
   * connection may be held between two. Nothing of a secret, not even its hash, and nothing about other people.
   */
  abstract pagesOf(userId: string): AsyncIterable<readonly object[]>;

  /**
   * How many of it end with the account, for the page that asks whether it shall be deleted; its word is `account-delete.ends.<name>`. Null,
   * the default: nothing that anyone would miss.
   */
  async countEnding(_userId: string): Promise<number | null> {
    return null;
  }
}

/** DI token of all personal data. */
export const PERSONAL_DATA = Symbol('coatcheck.personalData');
