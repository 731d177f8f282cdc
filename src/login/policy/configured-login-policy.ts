import { Injectable } from '@nestjs/common';
import { type CoreOptions, coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { Factors } from '../../credentials/factors.js';
import { type LoginCandidate, type LoginDemand, LoginPolicy } from '../../credentials/login-policy.js';
import { ADMIN_ROLE } from '../../kernel/admin-role.js';
import type { UserRecord } from '../../users/user.store.js';
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

  demandOf({ user, provenFactors, amr, enrolled, isRemembered }: LoginCandidate): LoginDemand | Promise<LoginDemand> {
    const nothing: LoginDemand = { due: 'nothing' };
    // RFC 8176: a user who has proven several factors at once, such as a passkey with its PIN, need not prove another.
    const hasSecond = provenFactors.length > 1 || amr.includes('mfa');
    if (this.options.secondFactor === 'none' || (hasSecond && this.suffices(provenFactors, user))) return nothing;
    // One factor never counts twice.
    const unproven = enrolled.filter((name) => !provenFactors.includes(name));
    const askable = this.askable(unproven, user, hasSecond);
    if (askable.length > 0) {
      return isRemembered && this.rememberedSecondsFor(user) > 0 ? nothing : { due: 'factor', factors: askable };
    }
    if (!this.requires(user)) return nothing;
    const enrollable = this.sufficientFor(user).filter((name) => !this.factors.named(name).isBackup);
    return { due: 'enrolment', factors: enrollable };
  }

  requires({ roles }: Who): boolean {
    const { secondFactor } = this.options;
    if (secondFactor === 'none') return false;
    return secondFactor === 'required' || roles.some((role) => this.requiringRoles.has(role));
  }

  /** Of several lists, by several roles, what is in all of them. */
  sufficientFor({ roles }: Who): readonly string[] {
    const lists = roles.map((role) => this.listOfRole.get(role)).filter((list) => list !== undefined);
    return this.secondFactors.filter((name) => lists.every((list) => list.includes(name)));
  }

  /** A user who must have a second factor is asked for it each time. */
  rememberedSecondsFor(user: Who): number {
    return this.requires(user) ? 0 : this.options.rememberDeviceSeconds;
  }

  private suffices(proven: readonly string[], user: Who): boolean {
    const sufficient = this.sufficientFor(user);
    return proven.some((name) => sufficient.includes(name)) || sufficient.length === this.secondFactors.length;
  }

  /**
   * The factors that suffice, if the user has one. Else those they have instead, before anything is due that takes its place: the password alone must
   * neither let in a user who has a second factor, nor enrol another one.
   */
  private askable(unproven: readonly string[], user: Who, hasSecond: boolean): readonly string[] {
    const sufficient = this.sufficientFor(user);
    const wanted = unproven.filter((name) => sufficient.includes(name));
    if (this.hasMoreThanBackups(wanted)) return wanted;
    return !hasSecond && this.hasMoreThanBackups(unproven) ? unproven : [];
  }

  private hasMoreThanBackups(names: readonly string[]): boolean {
    return names.some((name) => !this.factors.named(name).isBackup);
  }

  /** Names of all that can come second. */
  private get secondFactors(): readonly string[] {
    return this.factors.all.filter(({ canFollow }) => canFollow).map(({ name }) => name);
  }
}

/** An admin's password alone would open everything. */
function requiringByDefault({ nodeEnv }: CoreOptions): readonly string[] {
  return nodeEnv === 'production' ? [ADMIN_ROLE] : [];
}
