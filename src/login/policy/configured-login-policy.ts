import { Injectable } from '@nestjs/common';
import { type CoreOptions, coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { UserRecord } from '../../users/user.store.js';
import { Factors } from '../factors.js';
import { type LoginCandidate, type LoginDemand, LoginPolicy } from './login-policy.js';
import { type PolicyOptions, policyOptions, rolesOf } from './policy-options.js';

type Who = Pick<UserRecord, 'id' | 'roles'>;

/** The policy that the options describe. */
@Injectable()
export class ConfiguredLoginPolicy extends LoginPolicy {
  private readonly options: Readonly<PolicyOptions>;
  private readonly requiringRoles: ReadonlySet<string>;
  private readonly listOfRole: ReadonlyMap<string, readonly string[]>;

  constructor(
    private readonly factors: Factors,
    options: Options,
  ) {
    super();
    this.options = options.of(policyOptions);
    this.requiringRoles = new Set(this.options.secondFactorRoles ?? requiringByDefault(options.of(coreOptions)));
    this.listOfRole = new Map(this.options.secondFactorsByRole.map(rolesOf));
  }

  demandOf({ user, proven, amr, enrolled, isRemembered }: LoginCandidate): LoginDemand {
    // RFC 8176: whoever has proven several factors at once, such as a passkey with its PIN, need not prove another.
    if (this.options.secondFactor === 'none' || proven.length > 1 || amr.includes('mfa')) return { due: 'nothing' };
    const sufficient = this.sufficientFor(user);
    // One factor never counts twice.
    const askable = enrolled.filter((name) => sufficient.includes(name) && !proven.includes(name));
    const hasOne = askable.some((name) => !this.factors.named(name).isBackup);
    if (hasOne) return isRemembered && this.rememberedSecondsFor(user) > 0 ? { due: 'nothing' } : ask(askable);
    return this.requires(user) ? { due: 'enrolment', factors: this.enrollable(sufficient) } : { due: 'nothing' };
  }

  requires({ roles }: Who): boolean {
    const { secondFactor } = this.options;
    if (secondFactor === 'none') return false;
    return secondFactor === 'required' || roles.some((role) => this.requiringRoles.has(role));
  }

  /** Of several lists, by several roles, what is in all of them. */
  sufficientFor({ roles }: Who): readonly string[] {
    const lists = roles.map((role) => this.listOfRole.get(role)).filter((list) => list !== undefined);
    const names = this.factors.all.filter(({ canFollow }) => canFollow).map(({ name }) => name);
    return names.filter((name) => lists.every((list) => list.includes(name)));
  }

  /** Whoever must have a second factor is asked for it each time. */
  rememberedSecondsFor(user: Who): number {
    return this.requires(user) ? 0 : this.options.rememberDeviceSeconds;
  }

  private enrollable(names: readonly string[]): string[] {
    return names.filter((name) => !this.factors.named(name).isBackup);
  }
}

function ask(factors: readonly string[]): LoginDemand {
  return { due: 'factor', factors };
}

/** An operator's password alone would open everything. */
function requiringByDefault({ nodeEnv }: CoreOptions): readonly string[] {
  return nodeEnv === 'production' ? [ADMIN_ROLE] : [];
}
