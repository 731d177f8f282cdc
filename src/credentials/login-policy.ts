import type { UserRecord } from '../users/user.store.js';

/** How far a login has come. */
export interface LoginCandidate {
  readonly user: UserRecord;
  /** Names of the factors proven so far, in their order. */
  readonly provenFactors: readonly string[];
  /** The methods proven so far, RFC 8176 §2. */
  readonly amr: readonly string[];
  /** Names of the factors that the user has enrolled and that can go on with a login. */
  readonly enrolled: readonly string[];
  /** Whether the login comes from a device on which the user chose, with a second factor, not to be asked for one. */
  readonly isRemembered: boolean;
}

/**
 * The next requirement of a login. `nothing`: logged in. `factor`: a proof of one of these. `enrolment`: the user must have one of these, and
 * has none: they get a session that is good for enrolling and nothing else.
 */
export type LoginDemand =
  | { readonly due: 'nothing' }
  | { readonly due: 'factor' | 'enrolment'; readonly factors: readonly string[] };

/**
 * Which factors are enough. Every path that ends in a session asks it. Default: by `SECOND_FACTOR` and its like.
 *
 * @example
 * class NightShift extends ConfiguredLoginPolicy {
 *   override requires(user: UserRecord) {
 *     return user.roles.includes('night') || super.requires(user);
 *   }
 * }
 * AuthModule.forRoot({ ..., providers: [{ provide: LoginPolicy, useClass: NightShift }] })
 */
export abstract class LoginPolicy {
  /** Asked after each right proof; may answer with a promise. */
  abstract demandOf(candidate: LoginCandidate): LoginDemand | Promise<LoginDemand>;

  /** Whether this user must have a second factor: then the last that suffices cannot be removed. */
  abstract requires(user: Pick<UserRecord, 'id' | 'roles'>): boolean;

  /** Names of the factors that suffice for this user as the second one. */
  abstract sufficientFor(user: Pick<UserRecord, 'id' | 'roles'>): readonly string[];

  /** How long a device may be remembered for this user, in seconds; 0: not at all. */
  abstract rememberedSecondsFor(user: Pick<UserRecord, 'id' | 'roles'>): number;
}
