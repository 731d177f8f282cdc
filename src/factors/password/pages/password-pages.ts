import { OFFERED_SAMPLE } from '../../../credentials/pages/proof-places.template.js';
import { defineTemplates } from '../../../pages/define-templates.js';
import { linkTemplate } from '../../../pages/links/link-template.js';
import type { Refused } from '../../../pages/page-view.js';
import { FORGOT, FORGOT_SENT } from './forgot.template.js';
import { SEND_VERIFICATION } from './send-verification.template.js';
import { SIGN_UP, SIGN_UP_CLOSED, SIGN_UP_SENT } from './sign-up.template.js';

const ONE_FIELD = { email: 'ada@example.com', problem: refusalOf('email', 'isEmailAddress', 0) };

/** Pages to get an account, and to get back into one. */
export const passwordPages = defineTemplates({
  'sign-up': {
    source: SIGN_UP,
    sample: {
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      problem: refusalOf('password', 'tooShort', 8),
      fields: [
        {
          name: 'company',
          type: 'text',
          labelKey: null,
          label: 'Company',
          isRequired: true,
          choices: [],
          value: '',
        },
        {
          name: 'news',
          type: 'checkbox',
          labelKey: null,
          label: 'News',
          isRequired: false,
          choices: [],
          value: 'on',
        },
      ],
      hintPath: '/password-hint',
      offered: OFFERED_SAMPLE,
      returnTo: '/account',
    },
    scripts: ['password-hint.js'],
  },
  'sign-up-closed': { source: SIGN_UP_CLOSED, sample: {} },
  'sign-up-sent': { source: SIGN_UP_SENT, sample: ONE_FIELD },
  'send-verification': { source: SEND_VERIFICATION, sample: { ...ONE_FIELD, hasUsernames: true } },
  forgot: { source: FORGOT, sample: ONE_FIELD },
  'forgot-sent': { source: FORGOT_SENT, sample: {} },
  'reset-password': linkTemplate('reset-password', { hasPassword: true, again: '/forgot' }),
});

function refusalOf(field: string, rule: string, limit: number): Refused {
  return { code: 'validation_failed', status: 400, fields: [{ field, rule, limit }], retryAfterSeconds: null };
}
