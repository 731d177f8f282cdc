import type { Window } from './browser.js';

/** Who looks at a page: nobody; a user who has nothing yet; one who has everything, with odd texts wherever there is one; an admin. */
export type Who = 'nobody' | 'new' | 'full' | 'admin';

/** A page in one of its states. */
export interface Visit {
  /** Name of its template. */
  readonly page: string;
  readonly state: string;
  readonly as: Who;
  readonly path: string;
  /** What is done there, to come to the state. */
  readonly act?: (window: Window) => Promise<unknown>;
}

/** Of no mail. */
const TOKEN = '3f6c1d52-6c0e-4d0b-a5a7-0f4f2b8f1f11.p0wqZp0wqZp0wqZp0wqZp0wqZp0wqZp0wqZp0wqZp0w';

const click = (button: string) => (window: Window) =>
  window.leaving(() => window.page.locator(`main form[method=post] button:has-text("${button}")`).first().click());

/** Fills in fields by their names, and sends the form by the button. Without the browser's own validation: the server's is looked at. */
const send = (fields: Readonly<Record<string, string>>, button: string) => async (window: Window) => {
  await window.page.evaluate(`document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })`);
  for (const [name, value] of Object.entries(fields)) await window.page.fill(`main [name="${name}"]`, value);
  await click(button)(window);
};

/** The page of a mailed link: open, incomplete, good for nothing. They are written by one function: the states of two stand for all. */
function link(page: string, path: string, button: string, fields: Readonly<Record<string, string>> = {}): Visit[] {
  const as = 'nobody';
  return [
    { page, state: 'full', as, path: `${path}?token=${TOKEN}` },
    { page, state: 'empty', as, path },
    { page, state: 'error', as, path: `${path}?token=${TOKEN}`, act: send(fields, button) },
  ];
}

const openLink = (...given: Parameters<typeof link>): Visit[] => link(...given).slice(0, 1);

/** A page as somebody has it who has nothing yet, and as somebody has it who has everything. */
function own(page: string, path: string): Visit[] {
  return [
    { page, state: 'empty', as: 'new', path },
    { page, state: 'full', as: 'full', path },
  ];
}

const desk = (page: string, path: string): Visit => ({ page, state: 'full', as: 'admin', path: `/admin/ui${path}` });

const PASSWORD = { password: 'copper wires under snow' };

/** Every page but those of {@link MID_FLOW}. A test fails for a page that is declared and in neither. */
export const VISITS: readonly Visit[] = [
  ...link('verify-email', '/auth/email/verify', 'Verify'),
  ...openLink('unlock', '/auth/unlock', 'Unlock'),
  ...openLink('confirm-email', '/auth/email/change/confirm', 'Confirm'),
  ...openLink('undo-email', '/auth/email/change/undo', 'Undo'),
  ...openLink('not-me', '/auth/security/not-me', 'This was not me'),
  ...openLink('invitation', '/auth/invitation', 'Create the account', PASSWORD),
  ...link('reset-password', '/auth/password/reset', 'Set the password', PASSWORD),
  { page: 'link-done', state: 'empty', as: 'nobody', path: '/auth/unlock/form' },
  { page: 'sign-up', state: 'empty', as: 'nobody', path: '/sign-up' },
  {
    page: 'sign-up',
    state: 'error',
    as: 'nobody',
    path: '/sign-up',
    act: send({ email: 'ada', name: 'x'.repeat(101), password: 'password' }, 'Create account'),
  },
  { page: 'sign-up-sent', state: 'empty', as: 'nobody', path: '/sign-up/sent' },
  { page: 'sign-up-sent', state: 'error', as: 'nobody', path: '/sign-up/sent', act: send({ email: 'ada' }, 'Send') },
  { page: 'send-verification', state: 'empty', as: 'nobody', path: '/sign-in/verification' },
  {
    page: 'send-verification',
    state: 'error',
    as: 'nobody',
    path: '/sign-in/verification',
    act: send({ email: 'ada@' }, 'Send'),
  },
  { page: 'forgot', state: 'empty', as: 'nobody', path: '/forgot' },
  { page: 'forgot', state: 'error', as: 'nobody', path: '/forgot', act: send({ email: 'ada' }, 'Send') },
  { page: 'forgot-sent', state: 'empty', as: 'nobody', path: '/forgot/sent' },
  { page: 'problem', state: 'error', as: 'nobody', path: '/problem' },
  { page: 'signed-out', state: 'empty', as: 'nobody', path: '/signed-out' },
  { page: 'sign-in', state: 'empty', as: 'nobody', path: '/sign-in?return=%2Faccount' },
  {
    page: 'sign-in',
    state: 'error',
    as: 'nobody',
    path: '/sign-in',
    act: send({ email: 'ada@example.com', password: 'not this one' }, 'Sign in'),
  },
  { page: 'mailbox-sign-in', state: 'empty', as: 'nobody', path: '/sign-in/mailbox?return=%2Faccount' },
  {
    page: 'mailbox-sign-in',
    state: 'error',
    as: 'nobody',
    path: '/sign-in/mailbox',
    act: send({ email: 'ada' }, 'Send the e-mail'),
  },
  {
    page: 'mailbox-sent',
    state: 'full',
    as: 'nobody',
    path: '/sign-in/mailbox',
    act: send({ email: 'ada@example.com' }, 'Send the e-mail'),
  },
  {
    page: 'mailbox-sent',
    state: 'error',
    as: 'nobody',
    path: '/sign-in/mailbox/sent',
    act: send({ code: '1' }, 'Sign in'),
  },
  ...link('mailbox-link', '/auth/login/mailbox', 'Sign in', { email: 'ada@example.com' }),
  { page: 'confirm', state: 'full', as: 'full', path: '/confirm?return=%2Faccount' },
  { page: 'confirm', state: 'error', as: 'new', path: '/confirm', act: send({ password: 'not this one' }, '') },
  ...own('account', '/account'),
  { page: 'account', state: 'error', as: 'new', path: '/account', act: send({ name: 'x'.repeat(1001) }, 'Save') },
  ...own('account-sessions', '/account/sessions'),
  ...own('account-sessions-others', '/account/sessions/others'),
  ...own('account-factors', '/account/factors'),
  ...own('account-keys', '/account/keys'),
  ...own('account-log', '/account/log'),
  ...own('account-email', '/account/email').slice(0, 1),
  {
    page: 'account-email',
    state: 'error',
    as: 'new',
    path: '/account/email',
    act: send({ email: 'ada', password: 'not this one' }, ''),
  },
  ...own('account-username', '/account/username').slice(0, 1),
  {
    page: 'account-username',
    state: 'error',
    as: 'new',
    path: '/account/username',
    act: send({ username: 'no name' }, 'Save'),
  },
  ...own('account-export', '/account/export').slice(0, 1),
  ...own('account-delete', '/account/delete'),
  ...own('account-password', '/account/password').slice(0, 1),
  {
    page: 'account-password',
    state: 'error',
    as: 'new',
    path: '/account/password',
    act: send({ currentPassword: 'not this one', newPassword: 'password' }, ''),
  },
  ...own('factor-totp', '/account/factors/totp'),
  ...own('factor-recovery-code', '/account/factors/recovery-code').slice(1),
  ...own('factor-passkey', '/account/factors/passkey'),
  ...own('factor-passkey-add', '/account/factors/passkey/add').slice(0, 1),
  ...own('factor-passkey-rename', '/account/factors/passkey/{passkey}/rename').slice(1),
  ...own('factor-passkey-remove', '/account/factors/passkey/{passkey}/remove').slice(1),
  ...own('factor-totp-remove', '/account/factors/totp/remove').slice(1),
  ...own('account-key', '/account/keys/{apiKey}').slice(1),
  ...own('account-key-rotate', '/account/keys/{apiKey}/rotate').slice(1),
  ...own('account-key-revoke', '/account/keys/{apiKey}/revoke').slice(1),
  ...own('account-key-new', '/account/keys/new').slice(0, 1),
  desk('admin-overview', ''),
  desk('admin-users', '/users'),
  { ...desk('admin-users', '/users?search=nobody-at-all'), state: 'empty' },
  desk('admin-user', '/users/{full}'),
  { ...desk('admin-user', '/users/{banned}'), state: 'banned' },
  desk('admin-user-sessions', '/users/{full}/sessions'),
  { ...desk('admin-user-sessions', '/users/{banned}/sessions'), state: 'empty' },
  desk('admin-user-factors', '/users/{full}/factors'),
  desk('admin-user-log', '/users/{full}/log'),
  desk('admin-user-keys', '/users/{full}/keys'),
  desk('admin-user-act', '/users/{full}/ban'),
  { ...desk('admin-user-act', '/users/{full}/log-out'), state: 'log out' },
  { ...desk('admin-user-act', '/users/{full}/roles'), state: 'roles' },
  { ...desk('admin-user-act', '/users/{full}/delete'), state: 'delete' },
  desk('admin-user-certificates', '/users/{service}/certificates'),
  desk('admin-service-user', '/users/new'),
  desk('admin-sessions', '/sessions'),
  desk('admin-audit', '/audit'),
  { ...desk('admin-audit', '/audit?type=login.failed'), state: 'filtered' },
  desk('admin-invitations', '/invitations'),
  desk('admin-keys', '/keys'),
  desk('admin-keys-withdraw', '/keys/withdraw'),
  desk('admin-webhooks', '/webhooks'),
  desk('admin-logout-notices', '/logout-notices'),
  desk('admin-configuration', '/configuration'),
  desk('admin-end-everything', '/end-everything'),
  { page: 'federated-sign-in', state: 'empty', as: 'nobody', path: '/sign-in/federated?return=%2Faccount' },
  {
    page: 'federated-sign-in',
    state: 'error',
    as: 'nobody',
    path: '/sign-in/federated',
    act: send({ email: 'ada@example.com' }, 'Continue'),
  },
  ...own('account-identities', '/account/identities'),
  ...own('account-identity-unlink', '/account/identities/{identity}/unlink').slice(1),
  desk('admin-user-identities', '/users/{full}/identities'),
  { ...desk('admin-user-identities', '/users/{banned}/identities'), state: 'empty' },
  desk('admin-connections', '/connections'),
  desk('admin-connection-new', '/connections/new'),
  { ...desk('admin-connection-new', '/connections/new'), state: 'error', act: send({ slug: 'X', issuer: 'x' }, 'Add') },
  desk('admin-connection', '/connections/{connection}'),
  {
    ...desk('admin-connection', '/connections/{connection}'),
    state: 'error',
    act: send({ clientId: 'with a blank' }, 'Save'),
  },
  desk('admin-connection-act', '/connections/{connection}/disable'),
  { ...desk('admin-connection-act', '/connections/{connection}/delete'), state: 'delete' },
  ...own('account-apps', '/account/apps'),
  { page: 'oauth-device', state: 'empty', as: 'nobody', path: '/oauth/device' },
  {
    page: 'oauth-device',
    state: 'error',
    as: 'nobody',
    path: '/oauth/device',
    act: send({ user_code: 'BCDF-BCDF' }, 'Continue'),
  },
  { page: 'oauth-problem', state: 'error', as: 'nobody', path: '/oauth/authorize?client_id=none' },
  { page: 'oauth-logout', state: 'full', as: 'new', path: '/oauth/logout' },
  { page: 'oauth-signed-out', state: 'empty', as: 'nobody', path: '/oauth/logout/success' },
  desk('admin-clients', '/clients'),
  desk('admin-client-new', '/clients/new'),
  { ...desk('admin-client-new', '/clients/new'), state: 'error', act: send({ name: 'x', redirectUris: 'x' }, '') },
  desk('admin-client', '/clients/{client}'),
  desk('admin-client-act', '/clients/{client}/delete'),
  { ...desk('admin-client-act', '/clients/{client}/secret'), state: 'secret' },
  desk('admin-resources', '/resources'),
  desk('admin-resource', '/resources/edit?uri=https%3A%2F%2Fapi.example.com'),
  desk('admin-resource-new', '/resources/edit'),
  { ...desk('admin-resource-new', '/resources/edit'), state: 'error', act: send({ uri: 'x' }, '') },
  desk('admin-user-apps', '/users/{full}/apps'),
  { ...desk('admin-user-apps', '/users/{banned}/apps'), state: 'empty' },
];

/** As {@link MID_FLOW}, of the flows of the OAuth provider: `test/lab/pages/oauth-flow.spec.ts`. */
export const OAUTH_FLOW: ReadonlySet<string> = new Set([
  'oauth-consent',
  'oauth-continue',
  'oauth-switch',
  'oauth-device-confirm',
  'oauth-device-done',
  'admin-client-secret',
]);

/** As {@link MID_FLOW}, of signing in elsewhere: `test/lab/pages/federated-flow.spec.ts`. */
export const FEDERATED_FLOW: ReadonlySet<string> = new Set(['federated-leaving']);

/** Pages that come in the middle of a flow, which no address leads to: `test/lab/pages/mid-flow.spec.ts` goes there, and looks at them. */
export const MID_FLOW: ReadonlySet<string> = new Set([
  'choose-password',
  'sign-up-closed',
  'sign-in-factor',
  'enrol',
  'enrol-totp',
  'enrol-done',
  'enrol-passkey',
  'passkey-sign-in',
  'factor-totp-secret',
  'factor-totp-confirm',
  'recovery-codes',
  'account-key-created',
]);
