import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { type EnrolledFactor, Factor } from '../../credentials/factor.js';
import { Factors } from '../../credentials/factors.js';
import type { LoginCandidate } from '../../credentials/login-policy.js';
import { ConfiguredLoginPolicy } from './configured-login-policy.js';
import { policyOptions } from './policy-options.js';

class Stub extends Factor {
  readonly amr = [];
  readonly proofClass = Object;

  constructor(
    readonly name: string,
    override readonly canBegin: boolean,
    override readonly canFollow: boolean,
    override readonly isBackup = false,
  ) {
    super();
  }

  async enrolledBy(): Promise<EnrolledFactor[]> {
    return [];
  }

  async removeAllOf(): Promise<void> {}
}

const factors = new Factors([
  new Stub('password', true, false),
  new Stub('totp', false, true),
  new Stub('passkey', true, true),
  new Stub('recovery_code', false, true, true),
]);

function policyOf(values: object = {}): ConfiguredLoginPolicy {
  const given = { nodeEnv: 'test', publicUrl: 'https://auth.example.com', ...values };
  return new ConfiguredLoginPolicy(factors, Options.resolve([coreOptions, policyOptions], given));
}

function candidate(given: Partial<LoginCandidate> & { roles?: string[] } = {}): LoginCandidate {
  const { roles = [], ...rest } = given;
  const user = { id: 'u', roles } as unknown as LoginCandidate['user'];
  return { user, provenFactors: ['password'], amr: ['pwd'], enrolled: [], isRemembered: false, ...rest };
}

describe('the configured policy', () => {
  it('asks users with a second factor, and no others', () => {
    expect(policyOf().demandOf(candidate())).toEqual({ due: 'nothing' });
    const enrolled = ['totp', 'recovery_code'];
    expect(policyOf().demandOf(candidate({ enrolled }))).toEqual({ due: 'factor', factors: enrolled });
  });

  it('asks no user when there is to be none', () => {
    const policy = policyOf({ secondFactor: 'none', secondFactorRoles: ['admin'] });
    expect(policy.demandOf(candidate({ enrolled: ['totp'], roles: ['admin'] }))).toEqual({ due: 'nothing' });
    expect(policy.requires({ id: 'u', roles: ['admin'] })).toBe(false);
  });

  it('leads users to enrol who must have one: all, or those of a role', () => {
    const enrolment = { due: 'enrolment', factors: ['totp', 'passkey'] };
    expect(policyOf({ secondFactor: 'required' }).demandOf(candidate())).toEqual(enrolment);
    const staff = policyOf({ secondFactorRoles: ['staff'] });
    expect(staff.demandOf(candidate({ roles: ['staff'] }))).toEqual(enrolment);
    expect(staff.demandOf(candidate({ roles: ['writer'] }))).toEqual({ due: 'nothing' });
  });

  it('in production requires one of an admin, unless told otherwise', () => {
    const secretKey = 'Zm9yIHVuaXQgdGVzdHMgb25seSwgbm90IGEga2V5ISE';
    const production = { nodeEnv: 'production', secretKey };
    expect(policyOf(production).requires({ id: 'u', roles: ['admin'] })).toBe(true);
    expect(policyOf().requires({ id: 'u', roles: ['admin'] })).toBe(false);
    expect(policyOf({ ...production, secondFactorRoles: ['nobody'] }).requires({ id: 'u', roles: ['admin'] })).toBe(
      false,
    );
  });

  it('is not content with a backup alone', () => {
    const policy = policyOf({ secondFactor: 'required' });
    expect(policy.demandOf(candidate({ enrolled: ['recovery_code'] }))).toMatchObject({ due: 'enrolment' });
  });

  it('takes for a role only what its list names, and of several lists what is in all', () => {
    const policy = policyOf({ secondFactorsByRole: ['admin:passkey', 'staff:totp+passkey'] });
    expect(policy.sufficientFor({ id: 'u', roles: ['admin', 'staff', 'writer'] })).toEqual(['passkey']);
    expect(policy.sufficientFor({ id: 'u', roles: ['staff'] })).toEqual(['totp', 'passkey']);
    expect(policy.sufficientFor({ id: 'u', roles: ['writer'] })).toEqual(['totp', 'passkey', 'recovery_code']);
  });

  it('asks for what there is before it leads to enrol what the role’s list names: no password alone enrols beside it', () => {
    const policy = policyOf({ secondFactorRoles: ['admin'], secondFactorsByRole: ['admin:passkey'] });
    const admin = { roles: ['admin'], enrolled: ['totp', 'recovery_code'] };
    const first = policy.demandOf(candidate(admin));
    expect(first).toEqual({ due: 'factor', factors: ['totp', 'recovery_code'] });
    const then = candidate({ ...admin, provenFactors: ['password', 'totp'], amr: ['pwd', 'otp', 'mfa'] });
    expect(policy.demandOf(then)).toEqual({ due: 'enrolment', factors: ['passkey'] });
    const whole = candidate({ roles: ['admin'], provenFactors: ['password', 'passkey'], amr: ['pwd', 'pop', 'mfa'] });
    expect(policy.demandOf(whole)).toEqual({ due: 'nothing' });
  });

  it('asks a user with a second factor that a list does not name, where none is required', () => {
    const policy = policyOf({ secondFactorsByRole: ['editor:passkey'] });
    const editor = { roles: ['editor'], enrolled: ['totp'] };
    expect(policy.demandOf(candidate(editor))).toEqual({ due: 'factor', factors: ['totp'] });
    const then = candidate({ ...editor, provenFactors: ['password', 'totp'], amr: ['pwd', 'otp', 'mfa'] });
    expect(policy.demandOf(then)).toEqual({ due: 'nothing' });
  });

  it('is not content with a proof of several that the role’s list does not name', () => {
    const policy = policyOf({ secondFactorRoles: ['clerk'], secondFactorsByRole: ['clerk:totp'] });
    const byPasskey = { roles: ['clerk'], provenFactors: ['passkey'], amr: ['pop', 'user', 'mfa'] };
    const having = candidate({ ...byPasskey, enrolled: ['passkey', 'totp'] });
    expect(policy.demandOf(having)).toEqual({ due: 'factor', factors: ['totp'] });
    expect(policy.demandOf(candidate({ ...byPasskey, enrolled: ['passkey'] }))).toEqual({
      due: 'enrolment',
      factors: ['totp'],
    });
    expect(policyOf().demandOf(candidate({ provenFactors: ['federated'], amr: ['mfa'] }))).toEqual({ due: 'nothing' });
  });

  it('never counts one factor twice, and asks nothing after a proof of several', () => {
    const begun = candidate({ provenFactors: ['passkey'], amr: ['hwk'], enrolled: ['passkey', 'totp'] });
    expect(policyOf().demandOf(begun)).toEqual({ due: 'factor', factors: ['totp'] });
    expect(policyOf().demandOf({ ...begun, amr: ['hwk', 'user', 'mfa'] })).toEqual({ due: 'nothing' });
  });

  it('asks nothing on a remembered device, unless the user must have a second factor or nothing is remembered', () => {
    const remembered = candidate({ enrolled: ['totp'], isRemembered: true, roles: ['staff'] });
    expect(policyOf().demandOf(remembered)).toEqual({ due: 'nothing' });
    expect(policyOf({ secondFactorRoles: ['staff'] }).demandOf(remembered)).toMatchObject({ due: 'factor' });
    expect(policyOf({ rememberDeviceSeconds: 0 }).demandOf(remembered)).toMatchObject({ due: 'factor' });
  });

  it.each(['admin', 'admin:', ':totp', 'admin:totp,staff'])('does not start with the list %j', (entry) => {
    expect(() => policyOf({ secondFactorsByRole: [entry] })).toThrow('SECOND_FACTORS_BY_ROLE');
  });
});
