/**
 * The fields that an application has declared for its users (`registrationFields`), typed by declaration merging. Empty unless an
 * application merges its own into it.
 *
 * @example
 * declare module 'coatcheck' {
 *   interface UserFields { readonly company: string }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: an application merges its fields into it
export interface UserFields {}

/**
 * Values of the declared fields as a user has them: JSON values. Each may be absent, also a required one: of users from before the
 * declaration, of an admin's making, or of another system.
 */
export type UserFieldValues = Readonly<Partial<UserFields>>;
