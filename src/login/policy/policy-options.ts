import { type ConfigurationProblem, choice, defineOptions, list, seconds } from '../../config/option-section.js';

export interface PolicyOptions {
  readonly secondFactor: 'none' | 'optional' | 'required';
  /** Undefined: `admin` in production, no other role. */
  readonly secondFactorRoles: readonly string[] | undefined;
  readonly secondFactorsByRole: readonly string[];
  readonly rememberDeviceSeconds: number;
  readonly loginFactorSeconds: number;
  readonly enrolmentSeconds: number;
}

const DAY = 86_400;
const LIST_OF_ROLE = /^[^:+,]+:[a-z_]+(\+[a-z_]+)*$/;

const roles = list({
  default: [],
  shape: 'roles',
  description:
    'Roles whose users must have a second factor even if it is optional for others. Default: `admin` in production, otherwise none. Name an unused role to disable this.',
});

export const policyOptions = defineOptions<PolicyOptions>({
  title: 'Second factors',
  specs: {
    secondFactor: choice({
      of: ['none', 'optional', 'required'],
      default: 'optional',
      description:
        'When a second factor is required. `none`: never. `optional`: for users who have one. `required`: for every user; a user without one must enrol one at the next login.',
    }),
    secondFactorRoles: {
      ...roles,
      default: undefined,
      accepts: (value) => value === undefined || roles.accepts(value),
    },
    secondFactorsByRole: list({
      isShown: true,
      default: [],
      shape: 'role:factor+factor, comma-separated',
      each: (item) => LIST_OF_ROLE.test(item),
      description:
        'Second factors that users of a role may use, e.g. `admin:passkey`. Users of other roles may use any.',
    }),
    rememberDeviceSeconds: seconds({
      default: 30 * DAY,
      min: 0,
      max: 400 * DAY,
      description:
        'How long no second factor is required in a browser that the user chose to remember. Never applies to users who must have one. 0: always ask.',
    }),
    loginFactorSeconds: seconds({
      default: 300,
      min: 30,
      max: 3600,
      description: 'Time limit for the second factor after the password.',
    }),
    enrolmentSeconds: seconds({
      default: 600,
      min: 60,
      max: 3600,
      description: 'Lifetime of a session that is limited to enrolling a required factor.',
    }),
  },
  validate: ({ secondFactorsByRole }): ConfigurationProblem[] => {
    const named = secondFactorsByRole.map((entry) => rolesOf(entry)[0]);
    if (new Set(named).size === named.length) return [];
    return [{ option: 'secondFactorsByRole', problem: 'lists a role twice', remedy: 'give each role a single list' }];
  },
});

/** `role:factor+factor`, read. */
export function rolesOf(entry: string): [role: string, factors: readonly string[]] {
  const [role = '', factors = ''] = entry.split(':', 2);
  return [role, factors.split('+')];
}
