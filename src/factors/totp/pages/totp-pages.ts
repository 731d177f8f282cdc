import { defineTemplates } from '../../../pages/define-templates.js';
import { FACTOR_TOTP, FACTOR_TOTP_CONFIRM, FACTOR_TOTP_REMOVE, FACTOR_TOTP_SECRET } from './totp.template.js';

const ENROLLED = { factor: 'totp', id: null, name: null, enrolledAt: new Date(0), lastUsedAt: null, remaining: null };

export const totpPages = defineTemplates({
  'factor-totp': { source: FACTOR_TOTP, sample: { enrolled: ENROLLED, needsPassword: true, problem: null } },
  'factor-totp-secret': {
    source: FACTOR_TOTP_SECRET,
    sample: { qr: 'data:image/svg+xml;base64,', secret: ['JBSW', 'Y3DP'] },
  },
  'factor-totp-confirm': { source: FACTOR_TOTP_CONFIRM, sample: { problem: null } },
  'factor-totp-remove': { source: FACTOR_TOTP_REMOVE, sample: { problem: null } },
});
