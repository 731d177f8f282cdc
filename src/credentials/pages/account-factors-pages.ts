import { defineTemplates } from '../../pages/define-templates.js';
import { ACCOUNT_FACTORS } from './factors.template.js';

const ENROLLED = { factor: 'totp', id: null, name: null, enrolledAt: new Date(0), lastUsedAt: null, remaining: null };

export const accountFactorsPages = defineTemplates({
  'account-factors': {
    source: ACCOUNT_FACTORS,
    sample: {
      factors: [{ name: 'factor-totp', path: '/account/factors/totp', isBackup: false, enrolled: [ENROLLED] }],
    },
    nav: { area: 'account', order: 30, path: '/account/factors' },
  },
});
