import { defineTemplates } from '../../../pages/define-templates.js';
import {
  FACTOR_PASSKEY,
  FACTOR_PASSKEY_ADD,
  FACTOR_PASSKEY_REMOVE,
  FACTOR_PASSKEY_RENAME,
} from './passkeys.template.js';

const ID = '01936f2e-8b1a-7c3d-9e4f-5a6b7c8d9e0f';
const PASSKEY = { id: ID, name: 'Key ring', backedUp: true, automatic: true, createdAt: new Date(0), lastUsedAt: null };

export const passkeysPages = defineTemplates({
  'factor-passkey': {
    source: FACTOR_PASSKEY,
    sample: { passkeys: [PASSKEY], accepted: '{}', problem: null },
    scripts: ['passkey.js'],
  },
  'factor-passkey-add': {
    source: FACTOR_PASSKEY_ADD,
    sample: { needsPassword: true, problem: null },
    scripts: ['passkey.js'],
  },
  'factor-passkey-rename': { source: FACTOR_PASSKEY_RENAME, sample: { id: ID, name: 'Key ring', problem: null } },
  'factor-passkey-remove': { source: FACTOR_PASSKEY_REMOVE, sample: { id: ID, name: 'Key ring', problem: null } },
});
