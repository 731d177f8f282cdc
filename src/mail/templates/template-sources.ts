import { type MailDeclaration, mailWordKey, type Paragraph } from './mail-declaration.js';

/** Extensions of the template files; the HTML ones are escaped. */
export const TEMPLATE_PARTS = ['subject', 'txt', 'html'] as const;

export type TemplatePart = (typeof TEMPLATE_PARTS)[number];

/** The page around every HTML body, which it gets as `it.body`. */
export const LAYOUT = `<!doctype html>
<html lang="<%= it.lang %>" dir="<%= it.dir %>">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title><%= it.subject %></title></head>
<body style="font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 0 auto; padding: 1rem">
<%~ it.body %>
<p style="color: #555"><a href="<%= it.publicUrl %>"><%= it.t("mail.sent-by") %></a></p>
</body>
</html>
`;

/** The built-in templates of a mail, as a team would write them: one for all languages. */
export function builtInTemplates(kind: string, mail: MailDeclaration): Readonly<Record<TemplatePart, string>> {
  const rest = mail.rest.map((paragraph) => sourceOf(kind, paragraph));
  const opening = { source: shown(kind, 'opening') };
  const label = shown(kind, mail.link ?? '');
  const code = shown(kind, 'mail.code');
  const when = mail.isLinkOptional ? 'url' : undefined;
  const linked = (sources: readonly string[]) => (mail.link ? sources.map((source) => ({ source, when })) : []);
  const tokens = (source: string) => (mail.isTokenHidden ? [] : [source]);
  const text = [opening, ...linked([`${label}: <%= it.url %>`, ...tokens(`${code}: <%= it.token %>`)]), ...rest];
  const html = [
    opening,
    ...linked([`<a href="<%= it.url %>">${label}</a>`, ...tokens(`${code}: <code><%= it.token %></code>`)]),
    ...rest,
  ];
  return {
    subject: shown(kind, 'subject'),
    txt: text.map((part) => enclosed(part, '', '\n\n')).join(''),
    html: html.map((part) => enclosed(part, '<p>', '</p>\n')).join(''),
  };
}

interface Part {
  readonly source: string;
  /** The value without which it is left out. */
  readonly when?: string | undefined;
}

function sourceOf(kind: string, paragraph: Paragraph): Part {
  if (typeof paragraph === 'string') return { source: shown(kind, paragraph) };
  const { given, word, otherwise } = paragraph;
  if (otherwise === undefined) return { source: shown(kind, word), when: given };
  return { source: `<% if (it.${given}) { %>${shown(kind, word)}<% } else { %>${shown(kind, otherwise)}<% } %>` };
}

function shown(kind: string, word: string): string {
  return `<%= it.t("${mailWordKey(kind, word)}") %>`;
}

function enclosed({ source, when }: Part, before: string, after: string): string {
  const whole = `${before}${source}${after}`;
  return when === undefined ? whole : `<% if (it.${when}) { %>${whole}<% } %>`;
}
