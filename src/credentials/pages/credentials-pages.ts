import { defineTemplates } from '../../pages/define-templates.js';
import type { Refused } from '../../pages/page-view.js';
import { CONFIRM } from './confirm.template.js';
import type { ProofWay } from './proof-fields.js';
import { ELSEWHERE_SAMPLE } from './proof-places.template.js';

const RECOVERY_CODE: ProofWay = {
  name: 'recovery_code',
  choose: 'recovery_code.choose',
  code: 'recovery_code.code',
  hint: 'recovery_code.hint',
  inputMode: 'text',
  module: null,
};

/** Ways to try templates with. */
export const SAMPLE_WAYS = {
  chosen: {
    name: 'totp',
    choose: 'totp.choose',
    code: 'totp.code',
    hint: 'totp.hint',
    inputMode: 'numeric',
    module: null,
  } satisfies ProofWay,
  others: [RECOVERY_CODE],
  returnTo: '/account/factors',
  problem: { code: 'invalid_credentials', status: 401, fields: [], retryAfterSeconds: null } satisfies Refused,
};

export const credentialsPages = defineTemplates({
  confirm: {
    source: CONFIRM,
    sample: { ...SAMPLE_WAYS, hasPassword: true, elsewhere: ELSEWHERE_SAMPLE },
    scripts: ['passkey.js'],
  },
});
