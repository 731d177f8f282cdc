import { Injectable } from '@nestjs/common';
import type { AuthUser } from '../kernel/auth-context.js';
import { Factors } from './factors.js';
import { PrescribedLogins } from './prescribed-logins.js';

/** Whether users have a password to prove: one who logs in elsewhere may have none. */
@Injectable()
export class OwnPassword {
  constructor(
    private readonly factors: Factors,
    private readonly prescribed: PrescribedLogins,
  ) {}

  /** False too for one that is not accepted, because another way to sign in is prescribed. */
  async isOfUse(user: AuthUser): Promise<boolean> {
    const enrolled = (await this.factors.find('password')?.enrolledBy(user.id)) ?? [];
    return enrolled.length > 0 && !(await this.hasPrescribedLogin(user));
  }

  /** Whether another way to sign in is prescribed to the user. */
  async hasPrescribedLogin(user: Pick<AuthUser, 'id' | 'kind' | 'email' | 'roles'>): Promise<boolean> {
    return user.email !== null && (await this.prescribed.loginFor(user.email, user)) !== null;
  }
}
