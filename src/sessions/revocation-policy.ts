import { Injectable } from '@nestjs/common';
import type { SecurityChangeName } from '../users/security-change.hooks.js';

/** What one change ends. */
export interface RevocationRule {
  /** `others`: all but the one it was made in, which goes on under a new id. */
  readonly sessions: 'all' | 'others' | 'none';
  /** Purposes of pending mailed links that die. */
  readonly links: readonly string[];
  /** Whether devices known from earlier logins become strange again. */
  readonly rememberedDevices: boolean;
  readonly apiKeys: boolean;
}

const NOTHING: RevocationRule = { sessions: 'none', links: [], rememberedDevices: false, apiKeys: false };
const PENDING = ['password-reset', 'email-change'];

/**
 * What ends what. Refresh tokens are not named: each ends with its session. Links that undo a change of address outlive all
 * but their use, or a thief would begin with a reset. The reuse of a refresh token ends its session alone, and no table asks.
 */
export const REVOCATION_RULES: Readonly<Record<string, RevocationRule>> = {
  password_changed: { ...NOTHING, sessions: 'others', links: PENDING, rememberedDevices: true },
  password_reset: { ...NOTHING, sessions: 'all', links: PENDING, rememberedDevices: true },
  // Nothing is ended: views load the user anew, and older access tokens are refreshed.
  email_changed: { ...NOTHING, links: [...PENDING, 'email-verification'] },
  email_change_undone: {
    sessions: 'all',
    links: [...PENDING, 'email-change-undo', 'email-verification'],
    rememberedDevices: true,
    apiKeys: true,
  },
  // Those that were made with less than is due from now on; and what a lost factor may have left open.
  factor_enrolled: { ...NOTHING, sessions: 'others', rememberedDevices: true },
  factor_changed: { ...NOTHING, sessions: 'others', rememberedDevices: true },
  factor_removed: { ...NOTHING, sessions: 'others', rememberedDevices: true },
  factors_reset: { ...NOTHING, sessions: 'all', rememberedDevices: true },
  logged_out: { ...NOTHING, sessions: 'all' },
  user_banned: { ...NOTHING, sessions: 'all', links: PENDING, apiKeys: true },
  user_deleted: { sessions: 'all', links: [], rememberedDevices: true, apiKeys: true },
};

/**
 * Reads the table. Override it to end more, or less:
 *
 * @example
 * class Strict extends RevocationPolicy {
 *   override ruleFor(change: SecurityChangeName) {
 *     return change === 'email_changed' ? { ...super.ruleFor(change), sessions: 'others' as const } : super.ruleFor(change);
 *   }
 * }
 * AuthModule.forRoot({ ..., providers: [{ provide: RevocationPolicy, useClass: Strict }] })
 */
@Injectable()
export class RevocationPolicy {
  /** A change nobody has named ends everything. */
  ruleFor(change: SecurityChangeName): RevocationRule {
    return (
      REVOCATION_RULES[change] ?? {
        sessions: 'all',
        links: [...PENDING, 'email-verification'],
        rememberedDevices: true,
        apiKeys: true,
      }
    );
  }
}
