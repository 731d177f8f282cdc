import { defineTemplates } from '../../pages/define-templates.js';
import { ACCOUNT } from './account.template.js';
import { ACCOUNT_DELETE } from './delete.template.js';
import { ACCOUNT_EMAIL } from './email.template.js';
import { ACCOUNT_EXPORT } from './export.template.js';
import { ACCOUNT_LOG } from './security-log.template.js';

const FIELD = {
  name: 'company',
  type: 'text',
  isRequired: true,
  choices: [],
  labelKey: null,
  label: 'Company',
  text: 'Engines',
  isChecked: false,
};
const ENTRY = {
  id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  at: new Date(0),
  type: 'login.succeeded',
  kind: 'sign_in',
  byAdmin: false,
  ip: '203.0.113.7',
  key: 'account-log.event.login.succeeded',
  factorKey: null,
  left: null,
  device: 'Firefox on Linux',
};

export const profilePages = defineTemplates({
  account: {
    source: ACCOUNT,
    sample: {
      email: 'ada@example.com',
      emailVerified: true,
      name: 'Ada',
      language: 'de',
      languages: [
        { code: 'en', name: 'English' },
        { code: 'de', name: 'Deutsch' },
      ],
      fields: [FIELD],
      offer: 'passkey',
      problem: null,
    },
    nav: { area: 'account', order: 10, path: '/account' },
  },
  'account-email': { source: ACCOUNT_EMAIL, sample: { email: 'ada@example.com', hasPassword: true, problem: null } },
  'account-export': { source: ACCOUNT_EXPORT, sample: {} },
  'account-delete': {
    source: ACCOUNT_DELETE,
    sample: { ends: [{ key: 'account-delete.ends.sessions', count: 2 }], hasPassword: true, problem: null },
  },
  'account-log': {
    source: ACCOUNT_LOG,
    sample: { kinds: ['sign_in'], kind: 'sign_in', entries: [ENTRY], isFirst: false, next: 'AZNvLg' },
    nav: { area: 'account', order: 50, path: '/account/log' },
  },
});
