import { createHash } from 'node:crypto';
import { applyDecorators, Header } from '@nestjs/common';

/** What a page says. Plain text, and ours: nothing of a request is ever in it. */
export interface LinkPageWords {
  readonly title: string;
  readonly lead: string;
  readonly button: string;
  /** Shown when the route behind it has answered 204. One that asks for a password is followed to its page. */
  readonly done: string;
  /** Shown when the token is invalid. */
  readonly spent: string;
  /** Label of the field for a new password, sent as `password`; absent: there is none. */
  readonly passwordLabel?: string;
}

const STYLE = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1rem; text-align: center; }
button, input { font: inherit; padding: 0.5rem 1.5rem; }
button { cursor: pointer; }
label { display: block; margin-bottom: 1rem; }
`;

// Posts to the page's own address: the same route, wherever a host has put it. CORS mode, so that the browser keeps `Origin`
// under `no-referrer`.
const SCRIPT = `
const token = new URLSearchParams(location.search).get('token');
history.replaceState(null, '', location.pathname);
const form = document.querySelector('form');
const button = document.querySelector('button');
const password = document.querySelector('input');
const message = document.querySelector('p');
const { done, spent } = document.body.dataset;
if (!token) { form.hidden = true; message.textContent = 'This link is incomplete.'; }
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  button.disabled = true;
  message.textContent = 'Please wait.';
  try {
    const reply = await fetch(location.pathname, {
      method: 'POST',
      mode: 'cors',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(password ? { token, password: password.value } : { token }),
    });
    if (reply.status >= 500 || reply.status === 429) throw new Error(String(reply.status));
    const problem = reply.ok ? null : await reply.json();
    if (problem && problem.code === 'validation_failed') {
      button.disabled = false;
      message.textContent = problem.errors[0].message;
      return;
    }
    form.hidden = true;
    const answer = reply.status === 200 ? await reply.json() : {};
    if (answer.status === 'password_required') {
      message.textContent = 'Your e-mail address is verified. Now choose a password.';
      location.replace('../password/reset?token=' + encodeURIComponent(answer.resetToken));
      return;
    }
    message.textContent = reply.ok ? done : spent;
  } catch {
    button.disabled = false;
    message.textContent = 'That did not work. Please try again.';
  }
});
`;

/**
 * What a mailed link opens: one button, which posts the token to the page's own address. Opening it changes nothing, as mail
 * scanners follow every link.
 */
export function linkPage({ title, lead, button, done, spent, passwordLabel }: LinkPageWords): string {
  const field = passwordLabel
    ? `<label>${passwordLabel}<br><input type="password" autocomplete="new-password" required></label>\n`
    : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body data-done="${done}" data-spent="${spent}">
<h1>${title}</h1>
<p role="status">${lead}</p>
<form>
${field}<button>${button}</button>
</form>
<noscript>This page needs JavaScript.</noscript>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** The headers such a page is served with. Stands with `@Get`. */
export function ServesLinkPage(): MethodDecorator {
  return applyDecorators(
    Header('Content-Type', 'text/html; charset=utf-8'),
    Header('Content-Security-Policy', POLICY),
    // The token is in its address.
    Header('Referrer-Policy', 'no-referrer'),
    Header('X-Content-Type-Options', 'nosniff'),
  );
}

/** Only what is written above may run, and only this origin be asked: an injected script could read the token. */
const POLICY = [
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
