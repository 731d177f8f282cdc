import { linkPage } from '../users/link-page.js';

/** What a mailed verification link opens. */
export const VERIFICATION_PAGE = linkPage({
  title: 'Verify your e-mail address',
  lead: 'Press the button to confirm that this e-mail address is yours.',
  button: 'Verify',
  done: 'Your e-mail address is verified. You can close this page and sign in.',
  spent: 'This link has been used or has expired. Request a new one.',
});
