import { escapeHtml } from './escape-html.js';
import type { OutboxMail } from './outbox.js';

const LINK = /https?:\/\/[^\s<>"]+/g;

/** The outbox as a page. Mails are shown as text; only links to `ownOrigin` can be followed. */
export function outboxPage(mails: readonly OutboxMail[], ownOrigin: string): string {
  const articles = mails.map((mail) => article(mail, ownOrigin));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Outbox</title></head>
<body>
<h1>Outbox</h1>
<p>${mails.length} e-mails, the newest first.</p>
${articles.join('\n')}
</body>
</html>
`;
}

/** The page runs nothing and loads nothing. */
export const OUTBOX_PAGE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

function article({ to, subject, sentAt, text }: OutboxMail, ownOrigin: string): string {
  return `<article>
<h2>${escapeHtml(subject)}</h2>
<p>To ${escapeHtml(to)}, ${sentAt.toISOString()}</p>
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
