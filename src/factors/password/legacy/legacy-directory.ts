import type { ImportedUser } from '../import/user-import.service.js';

/** A user whom the old system has just recognised. */
export type LegacyUser = Pick<ImportedUser, 'emailVerified' | 'name' | 'roles' | 'fields'>;

/**
 * Recognises users of an old system by their password, once each: from their first login on, the password is kept here. Default: none.
 *
 * While it is there, an address without a password here costs a call to it, also an unknown one. So the time of an answer can
 * tell who has moved already; import all users (`POST /admin/import`) where that matters.
 *
 * @example
 * class OldShop extends LegacyDirectory {
 *   async verify(email: string, password: string) {
 *     const reply = await fetch('https://old.internal/login', { method: 'POST', body: JSON.stringify({ email, password }) });
 *     return reply.ok ? { emailVerified: true, ...(await reply.json()) } : null;
 *   }
 * }
 * AuthModule.forRoot({ ..., providers: [{ provide: LegacyDirectory, useClass: OldShop }] })
 */
export abstract class LegacyDirectory {
  /**
   * Null unless these are right there. `email` is canonical. A failure, or no answer within five seconds, is `unavailable` (503),
   * never a refused password.
   */
  abstract verify(email: string, password: string): Promise<LegacyUser | null>;
}

/** There is no old system. */
export class NoLegacyDirectory extends LegacyDirectory {
  async verify(): Promise<null> {
    return null;
  }
}
