import { linkPage } from '../users/link-page.js';

/** What a mailed verification link opens. */
export const VERIFICATION_PAGE = linkPage({
  title: 'Verify your e-mail address',
  lead: 'Press the button to prove that you read this mailbox.',
  button: 'Verify',
  done: 'Your address is verified. You can close this page and log in.',
  spent: 'This link has been used or has expired. Ask for a new one.',
});
