import type { TemplateKind, TemplateValues } from './template-values.js';

const link = {
  url: 'https://auth.example.com/page?token=3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ',
  token: '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZ',
  validSeconds: 3600,
};
const notMe = { url: link.url, token: link.token, validSeconds: 604_800 };
const at = '2026-11-21T09:00:00.000Z';
const newEmail = 'ada.king@example.com';

/** Values of the shape that each mail gets: every template is tried with them at the start. */
export const SAMPLE_VALUES: { readonly [K in TemplateKind]: TemplateValues[K] } = {
  'email-verification': { ...link, at },
  'address-taken': {},
  'password-reset': link,
  'account-taken-back': { ...link, loginEmail: '0b0c4a52-6c0e-4d0b-a5a7-0f4f2b8f1f11@taken-back.invalid' },
  'password-changed': { ...notMe, at, device: null },
  'new-device': { ...notMe, at, device: 'Firefox on Linux' },
  'factor-notice': { ...notMe, at, device: null, what: 'An authenticator app was added' },
  'changed-by-admin': { at, what: 'An admin has changed your roles' },
  'admin-alert': { at, what: 'root@example.com has banned ada@example.com' },
  'email-change-confirmation': link,
  'email-change-notice': { ...link, newEmail },
  'email-changed': { ...link, newEmail },
  'user-locked': link,
  'factor-guesses': { ...link, failures: 5 },
  'user-deleted': { at },
  'kept-additions': { ...notMe, additions: [{ what: 'an authenticator app', at }] },
  'api-key-created': { ...notMe, at, prefix: 'cck_01936f2e8b1a7c3d9e4f5a6b7c8d9e0f' },
};
