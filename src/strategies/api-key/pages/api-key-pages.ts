import { isSwitchedOn } from '../../../config/core-options.js';
import { defineTemplates } from '../../../pages/define-templates.js';
import {
  ACCOUNT_KEY,
  ACCOUNT_KEY_CREATED,
  ACCOUNT_KEY_NEW,
  ACCOUNT_KEY_REVOKE,
  ACCOUNT_KEY_ROTATE,
  ACCOUNT_KEYS,
} from './api-keys.template.js';
import type { Drawn } from './usage-plot.js';

const KEY = {
  id: '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f',
  name: 'nightly export',
  prefix: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f',
  scopes: ['orders:read'],
  createdAt: new Date(0),
  lastUsedAt: new Date(0),
  expiresAt: null,
  rotatedAt: null,
};
const NO_PLOT: Drawn = () => '<figure class="plot"></figure>';

export const apiKeyPages = defineTemplates({
  'account-keys': {
    source: ACCOUNT_KEYS,
    sample: { keys: [KEY] },
    nav: { area: 'account', order: 40, path: '/account/keys', shownIf: isSwitchedOn('api-key') },
  },
  'account-key': { source: ACCOUNT_KEY, sample: { key: KEY, plot: NO_PLOT } },
  'account-key-new': {
    source: ACCOUNT_KEY_NEW,
    sample: { name: '', scopes: '', life: '', problem: null, offered: ['orders:read'], lives: [30], longestDays: 90 },
  },
  'account-key-created': {
    source: ACCOUNT_KEY_CREATED,
    sample: { apiKey: 'cck_…', name: 'nightly export', expiresAt: new Date(0) },
    scripts: ['copy.js'],
  },
  'account-key-rotate': { source: ACCOUNT_KEY_ROTATE, sample: { key: KEY, overlaps: [0, 24], problem: null } },
  'account-key-revoke': { source: ACCOUNT_KEY_REVOKE, sample: { key: KEY, requests: 12 } },
});
