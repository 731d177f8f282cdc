import type { MailDeclaration } from './mail-declaration.js';

/** Extensions of the template files; the HTML ones are escaped. */
export const TEMPLATE_PARTS = ['subject', 'txt', 'html'] as const;

export type TemplatePart = (typeof TEMPLATE_PARTS)[number];

/** The page around every HTML body, which it gets as `it.body`. */
export const LAYOUT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title><%= it.subject %></title></head>
<body style="font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 0 auto; padding: 1rem">
<%~ it.body %>
<p style="color: #555">This e-mail was sent by <a href="<%= it.publicUrl %>"><%= it.site %></a>.</p>
</body>
</html>
`;

/** The built-in templates of a mail, as a team would write them. */
export function builtInTemplates(template: MailDeclaration): Readonly<Record<TemplatePart, string>> {
  return { subject: template.subject, txt: asText(template), html: asHtml(template) };
}

function asText({ opening, link, isLinkOptional, rest }: MailDeclaration): string {
  const linked = link ? [`${link}: <%= it.url %>`, 'Code: <%= it.token %>'].join('\n\n') : '';
  const shown = isLinkOptional ? `<% if (it.url) { %>${linked}\n\n<% } %>` : linked && `${linked}\n\n`;
  return `${opening}\n\n${shown}${rest.join('\n\n')}\n`;
}

function asHtml({ opening, link, isLinkOptional, rest }: MailDeclaration): string {
  const linked = link ? asLines([`<a href="<%= it.url %>">${link}</a>`, 'Code: <code><%= it.token %></code>']) : '';
  const shown = isLinkOptional ? `<% if (it.url) { %>${linked}<% } %>` : linked;
  return [asLines([opening]), shown, asLines(rest)].filter((part) => part !== '').join('\n');
}

function asLines(lines: readonly string[]): string {
  return lines.map((line) => `<p>${line}</p>`).join('\n');
}
