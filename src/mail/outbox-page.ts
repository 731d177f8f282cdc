import { createHash } from 'node:crypto';
import { escapeHtml } from '../kernel/escape-html.js';
import type { OutboxMail } from './outbox.js';

const STYLE = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 1px solid #8a8f99; }
h2 { font-size: 1.125rem; }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
`;

const LINK = /https?:\/\/[^\s<>"]+/g;

/** The outbox as a page. Mails are shown as text; only links to `ownOrigin` can be followed. */
export function outboxPage(mails: readonly OutboxMail[], ownOrigin: string): string {
  const articles = mails.map((mail) => article(mail, ownOrigin));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Outbox</title><style>${STYLE}</style></head>
<body>
<h1>Outbox</h1>
<p>${mails.length} e-mails, the newest first.</p>
${articles.join('\n')}
</body>
</html>
`;
}

const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page runs nothing and loads nothing. */
export const OUTBOX_PAGE_POLICY = `${NOTHING}; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** A mail as HTML may bring its styles, and is an origin of its own. */
export const OUTBOX_MAIL_POLICY = `${NOTHING}; style-src 'unsafe-inline'; sandbox`;

function article({ id, to, subject, sentAt, text }: OutboxMail, ownOrigin: string): string {
  return `<article>
<h2>${escapeHtml(subject)}</h2>
<p>To ${escapeHtml(to)}, ${sentAt.toISOString()}, <a href="outbox/${escapeHtml(id)}">as HTML</a></p>
<pre>${linked(text, ownOrigin)}</pre>
</article>`;
}

function linked(text: string, ownOrigin: string): string {
  let html = '';
  let end = 0;
  for (const { 0: url, index } of text.matchAll(LINK)) {
    if (!URL.canParse(url) || new URL(url).origin !== ownOrigin) continue;
    html += `${escapeHtml(text.slice(end, index))}<a href="${escapeHtml(url)}">${escapeHtml(url)}</a>`;
    end = index + url.length;
  }
  return html + escapeHtml(text.slice(end));
}
