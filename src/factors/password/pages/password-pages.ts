import { defineTemplates } from '../../../pages/define-templates.js';
import { linkTemplate } from '../../../pages/links/link-template.js';
import { FORGOT, FORGOT_SENT } from './forgot.template.js';
import { SIGN_UP, SIGN_UP_CLOSED, SIGN_UP_SENT } from './sign-up.template.js';

const ONE_FIELD = { email: 'ada@example.com', wrongEmail: { rule: 'isEmailAddress', limit: 0 } };

/** Pages to get an account, and to get back into one. */
export const passwordPages = defineTemplates({
  'sign-up': {
    source: SIGN_UP,
    sample: {
      refusedBy: 'error.validation_failed',
      email: 'ada@example.com',
      wrongEmail: null,
      name: 'Ada Lovelace',
      wrongName: null,
      wrong: { rule: 'tooShort', limit: 8 },
      fields: [
        {
          name: 'company',
          type: 'text',
          labelKey: null,
          label: 'Company',
          isRequired: true,
          choices: [],
          value: '',
          wrong: null,
        },
        {
          name: 'news',
          type: 'checkbox',
          labelKey: null,
          label: 'News',
          isRequired: false,
          choices: [],
          value: 'on',
          wrong: null,
        },
      ],
      hintPath: '/password-hint',
    },
    scripts: ['password-hint.js'],
  },
  'sign-up-closed': { source: SIGN_UP_CLOSED, sample: {} },
  'sign-up-sent': { source: SIGN_UP_SENT, sample: ONE_FIELD },
  forgot: { source: FORGOT, sample: ONE_FIELD },
  'forgot-sent': { source: FORGOT_SENT, sample: {} },
  'reset-password': linkTemplate('reset-password', { hasPassword: true, again: '/forgot' }),
});
