import { Injectable } from '@nestjs/common';
import { RevocationPolicy } from '../sessions/revocation-policy.js';
import { EmailVerifiedHooks } from '../users/email-verified.hooks.js';
import { SecurityChangeHooks } from '../users/security-change.hooks.js';
import { UserStore } from '../users/user.store.js';
import { KnownDevices } from './devices/known-devices.js';
import { Lockout } from './lockout/lockout.js';

/** Forgets devices after the changes that say so (P-11) and before an address was proven, and locks after a reset (P-4). */
@Injectable()
export class StaleLoginMemory {
  constructor(
    private readonly users: UserStore,
    private readonly lockout: Lockout,
    hooks: SecurityChangeHooks,
    verified: EmailVerifiedHooks,
    policy: RevocationPolicy,
    devices: KnownDevices,
  ) {
    hooks.onEvery(async ({ name, userId }, manager) => {
      if (policy.ruleFor(name).rememberedDevices) await devices.forgetAll(userId, manager);
    });
    // Whoever registered the address before its owner came is no longer known there.
    verified.add(({ userId }, manager) => devices.forgetAll(userId, manager));
    // Counters lie in the chosen store: never within a transaction.
    hooks.onceMade('password_reset', ({ userId }) => this.unlock(userId));
  }

  private async unlock(userId: string): Promise<void> {
    const user = await this.users.find(userId);
    if (user?.email) await this.lockout.clear({ email: user.email });
  }
}
