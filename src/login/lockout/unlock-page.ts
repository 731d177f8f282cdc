import { createHash } from 'node:crypto';

const STYLE = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1rem; text-align: center; }
button { font: inherit; padding: 0.5rem 1.5rem; cursor: pointer; }
`;

// Posts to the page's own address: the same route, wherever a host has put it. CORS mode, so that the browser keeps `Origin`
// under `no-referrer`.
const SCRIPT = `
const token = new URLSearchParams(location.search).get('token');
history.replaceState(null, '', location.pathname);
const button = document.querySelector('button');
const message = document.querySelector('p');
if (!token) { button.hidden = true; message.textContent = 'This link is incomplete.'; }
button.addEventListener('click', async () => {
  button.disabled = true;
  message.textContent = 'One moment.';
  try {
    const reply = await fetch(location.pathname, {
      method: 'POST',
      mode: 'cors',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    if (reply.status >= 500 || reply.status === 429) throw new Error(String(reply.status));
    button.hidden = true;
    message.textContent = reply.ok
      ? 'Unlocked. You can close this page and log in.'
      : 'This link has been used or has expired.';
  } catch {
    button.disabled = false;
    message.textContent = 'That did not work. Please try again.';
  }
});
`;

/** What a mailed unlock link opens: one button. Opening it changes nothing, as mail scanners follow every link. */
export const UNLOCK_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>Unlock logging in</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Unlock logging in</h1>
<p role="status">Press the button to be able to log in again.</p>
<button type="button">Unlock</button>
<noscript>This page needs JavaScript.</noscript>
<script>${SCRIPT}</script>
</body>
</html>
`;

/** Only what is written above may run, and only this origin be asked: an injected script could read the token. */
export const UNLOCK_PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function hashOf(inline: string): string {
  return `'sha256-${createHash('sha256').update(inline).digest('base64')}'`;
}
