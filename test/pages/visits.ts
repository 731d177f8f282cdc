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
  window.leaving(() => window.page.locator(`main button:has-text("${button}")`).first().click());

/** Fills in fields by their names, and sends the form by the button. Without the browser's own validation: the server's is looked at. */
const send = (fields: Readonly<Record<string, string>>, button: string) => async (window: Window) => {
  await window.page.evaluate(`document.querySelectorAll('form').forEach((form) => { form.noValidate = true; })`);
  for (const [name, value] of Object.entries(fields)) await window.page.fill(`main [name="${name}"]`, value);
  await click(button)(window);
};

/** The page of a mailed link: open, incomplete, good for nothing. */
function link(page: string, path: string, button: string, fields: Readonly<Record<string, string>> = {}): Visit[] {
  const as = 'nobody';
  return [
    { page, state: 'full', as, path: `${path}?token=${TOKEN}` },
    { page, state: 'empty', as, path },
    { page, state: 'error', as, path: `${path}?token=${TOKEN}`, act: send(fields, button) },
  ];
}

const PASSWORD = { password: 'copper wires under snow' };

/** Every page. A test fails for a page that is declared and not here. */
export const VISITS: readonly Visit[] = [
  ...link('verify-email', '/auth/email/verify', 'Verify'),
  ...link('unlock', '/auth/unlock', 'Unlock'),
  ...link('confirm-email', '/auth/email/change/confirm', 'Confirm'),
  ...link('undo-email', '/auth/email/change/undo', 'Undo'),
  ...link('not-me', '/auth/security/not-me', 'This was not me'),
  ...link('invitation', '/auth/invitation', 'Create the account', PASSWORD),
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
  { page: 'forgot', state: 'empty', as: 'nobody', path: '/forgot' },
  { page: 'forgot', state: 'error', as: 'nobody', path: '/forgot', act: send({ email: 'ada' }, 'Send') },
  { page: 'forgot-sent', state: 'empty', as: 'nobody', path: '/forgot/sent' },
  { page: 'problem', state: 'error', as: 'nobody', path: '/problem' },
  { page: 'signed-out', state: 'empty', as: 'nobody', path: '/signed-out' },
];

/** Pages that no address leads to, and where they are looked at instead. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  'choose-password': 'links.spec.ts',
  'sign-up-closed': 'sign-up.spec.ts',
};
