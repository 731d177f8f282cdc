import { defineTemplates } from '../../../pages/define-templates.js';
import { ACCOUNT_PASSWORD } from './change-password.template.js';

export const changePasswordPages = defineTemplates({
  'account-password': { source: ACCOUNT_PASSWORD, sample: { hasPassword: true, problem: null } },
});
