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
    'Who must have a second factor though it is optional for others. Default: `admin` in production, nobody elsewhere. A role that nobody has: nobody.',
});

export const policyOptions = defineOptions<PolicyOptions>({
  title: 'Second factors',
  specs: {
    secondFactor: choice({
      of: ['none', 'optional', 'required'],
      default: 'optional',
      description:
        'Asked for never, of whoever has one, or of everyone. Who must have one and has none is led to enrol.',
    }),
    secondFactorRoles: {
      ...roles,
      default: undefined,
      accepts: (value) => value === undefined || roles.accepts(value),
    },
    secondFactorsByRole: list({
      default: [],
      shape: 'role:factor+factor, comma-separated',
      each: (item) => LIST_OF_ROLE.test(item),
      description: 'For users of these roles only these suffice, e.g. `admin:passkey`. Others may use any.',
    }),
    rememberDeviceSeconds: seconds({
      default: 30 * DAY,
      min: 0,
      max: 400 * DAY,
      description:
        'How long a browser is not asked for a second factor when its user says so; never for whoever must have one. 0: always asked.',
    }),
    loginFactorSeconds: seconds({
      default: 300,
      min: 30,
      max: 3600,
      description: 'How long after the password the second factor may take.',
    }),
    enrolmentSeconds: seconds({
      default: 600,
      min: 60,
      max: 3600,
      description: 'How long a session lasts that is good for enrolling a required factor only.',
    }),
  },
  validate: ({ secondFactorsByRole }): ConfigurationProblem[] => {
    const named = secondFactorsByRole.map((entry) => rolesOf(entry)[0]);
    if (new Set(named).size === named.length) return [];
    return [{ option: 'secondFactorsByRole', problem: 'names a role twice', remedy: 'give each role one list' }];
  },
});

/** `role:factor+factor`, read. */
export function rolesOf(entry: string): [role: string, factors: readonly string[]] {
  const [role = '', factors = ''] = entry.split(':', 2);
  return [role, factors.split('+')];
}
