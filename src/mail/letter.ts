import { escapeHtml } from './escape-html.js';
import type { Mail } from './mailer.js';

/** What a mail says. Plain text throughout; nothing a stranger wrote belongs in it. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** What the reader is to follow, and the token alone for those who cannot. */
  readonly link?: { readonly label: string; readonly url: string; readonly token: string };
}

/** A letter as text and as HTML that say the same. */
export function writeMail({ to, subject, paragraphs, link }: Letter): Mail {
  const [opening = '', ...rest] = paragraphs;
  const text = [opening, ...(link ? [`${link.label}: ${link.url}`, `Code: ${link.token}`] : []), ...rest];
  const html = [paragraph(opening), ...(link ? linkHtml(link) : []), ...rest.map(paragraph)];
  return { to, subject, text: `${text.join('\n\n')}\n`, html: page(subject, html) };
}

function paragraph(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}

function linkHtml({ label, url, token }: NonNullable<Letter['link']>): string[] {
  return [
    `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`,
    `<p>Code: <code>${escapeHtml(token)}</code></p>`,
  ];
}

function page(title: string, body: readonly string[]): string {
  const head = `<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>`;
  return `<!doctype html>\n<html lang="en">${head}<body>\n${body.join('\n')}\n</body></html>\n`;
}
