import { defineTemplates } from '../../../pages/define-templates.js';
import { FACTOR_RECOVERY_CODE, RECOVERY_CODES } from './recovery-code.template.js';

const TIMES = { enrolledAt: new Date(0), lastUsedAt: null };
const ENROLLED = { factor: 'recovery_code', id: null, name: null, ...TIMES, remaining: 9 };

export const recoveryCodePages = defineTemplates({
  'factor-recovery-code': { source: FACTOR_RECOVERY_CODE, sample: { enrolled: ENROLLED, problem: null } },
  'recovery-codes': { source: RECOVERY_CODES, sample: { codes: ['q7zk-3m9d-x2rt-8wvh'] } },
});
