import type { AnyOptionSection } from '../../src/config/option-section.js';
import { environmentName } from '../../src/config/option-section.js';
import type { MetricDescription } from '../../src/kernel/metric.js';
import type { SpanDescription } from '../../src/kernel/span.js';
import { changesOf, type DeclaredMails } from '../../src/mail/templates/mail-declaration.js';
import { type DeclaredPages, RESERVED_VALUES } from '../../src/pages/define-templates.js';

const GENERATED = 'Generated from the source code by `npm run docs`. Do not edit it by hand.';

/** `docs/reference/metrics.md`, straight from what the features declare. */
export function metricReference(declared: ReadonlyMap<string, MetricDescription>): string {
  const rows = [...declared].sort(byName).map(([name, { kind, labels = [], help }]) => {
    const type = kind === 'histogram' ? 'histogram' : kind;
    return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${cell(help)} |`;
  });
  return `# Metrics

${GENERATED}

The service serves these metrics at \`GET /metrics\` of the management port, together with those of the process (\`process_…\`, \`nodejs_…\`). A host
application reads them with \`Metrics.text()\`. No label contains an id, an address or another value that a client chooses: \`route\` is a registered
route, or \`unknown\` for any other path.

| metric | type | labels | meaning |
|---|---|---|---|
${rows.join('\n')}
`;
}

/** `docs/reference/spans.md`, straight from what the features declare. @param outcome attributes that every span may have */
export function spanReference(
  declared: ReadonlyMap<string, SpanDescription>,
  outcome: Readonly<Record<string, string>>,
): string {
  const attributesOf = (attributes: Readonly<Record<string, string>>) =>
    Object.entries(attributes).map(([name, says]) => `\`${name}\`: ${cell(says)}`);
  const rows = [...declared]
    .sort(byName)
    .map(([name, { kind = 'internal', within = 'any', help, attributes = {} }]) => {
      return `| \`${name}\` | ${kind} | ${PLACES[within]} | ${cell(help)} | ${attributesOf(attributes).join('<br>')} |`;
    });
  return `# Spans

${GENERATED}

With an SDK of OpenTelemetry in the process these spans are made, by the tracer \`coatcheck\`: [how to switch them on](../guides/operate-and-upgrade.md#tracing). In a name, what is in
braces is from a small, closed set. Names of attributes are those of OpenTelemetry's semantic conventions, or begin with \`coatcheck.\`. No span contains a secret, a
token, an address, the id of a user, a parameter of a statement, or the message of an error.

| span | kind | where | measures | attributes |
|---|---|---|---|---|
${rows.join('\n')}

## Every span that ends with an error

A caller who is refused is no fault: the status of a span is \`ERROR\` only for what answers 5xx.

| attribute | meaning |
|---|---|
${Object.entries(outcome)
  .map(([name, says]) => `| \`${name}\` | ${cell(says)} |`)
  .join('\n')}
`;
}

const PLACES = {
  any: 'in the trace of its request, or on its own',
  trace: 'only within a trace',
  own: 'a trace of its own',
} as const;

/** `docs/reference/errors.md`, straight from the closed list. */
export function errorReference(
  errors: Readonly<Record<string, { status: number; title: string; detail: string }>>,
): string {
  const rows = Object.entries(errors).map(
    ([code, { status, title, detail }]) => `| \`${code}\` | ${status} | ${cell(title)} | ${cell(detail)} |`,
  );
  return `# Errors

${GENERATED}

Every error is a problem document (RFC 9457, \`application/problem+json\`) with \`type\` (\`urn:coatcheck:problem:<code>\`), \`title\`, \`status\`, \`code\`,
\`detail\` and \`requestId\`. Clients should act on the \`code\` only: the list is closed, and a new code is a minor version. \`validation_failed\` adds \`errors\` (field, rule, message),
\`step_up_required\` adds \`stepUp\`, and \`rate_limited\` and \`unavailable\` come with \`Retry-After\`. The internal reason of a refusal is in the audit log and
the service log, never in the response. The OpenAPI document lists the codes of each route.

| code | status | title | detail |
|---|---|---|---|
${rows.join('\n')}
`;
}

/** `docs/reference/configuration.md`, straight from what the features declare. */
export function configurationReference(sections: readonly AnyOptionSection[]): string {
  return `# Configuration

${GENERATED}

Each option is an environment variable of the service (\`SESSION_IDLE_SECONDS\`) and a value of \`AuthModule.forRoot\` (\`sessionIdleSeconds\`). Invalid
values prevent the start: all problems are listed at once, each with its remedy.

${configurationTable(sections)}
`;
}

/** `docs/reference/mail-templates.md`, straight from what the features declare. */
export function mailTemplateReference(declared: DeclaredMails): string {
  const rows = [...declared].sort(byName).map(([kind, declaration]) => {
    const { about, sample, words } = declaration;
    const given = [...Object.keys(sample), ...(changesOf(declaration).length > 0 ? ['what'] : [])];
    const values = given.map((value) => `\`${value === 'validSeconds' ? 'validFor' : value}\``);
    return `| \`${kind}\` | ${cell(words.en.subject)} | ${values.join(', ')} | ${cell(about)} |`;
  });
  return `# Mail templates

${GENERATED}

Files in the folder \`MAIL_TEMPLATES\` replace the built-in templates, one by one: \`<template>.subject.eta\`, \`<template>.txt.eta\`,
\`<template>.html.eta\` (escaped), and \`layout.html.eta\` around every HTML body (\`<%~ it.body %>\`). A file in the folder itself is for all languages; one in
a folder named like a language (\`de/password-reset.txt.eta\`) is for that language only, and comes before it. The syntax is that of [eta](https://eta.js.org).
To change words alone, no template is needed: see [theming and languages](../guides/theming-and-languages.md).

Each template receives \`it.to\`, \`it.site\` (host of \`PUBLIC_URL\`), \`it.publicUrl\`, \`it.lang\`, \`it.dir\` (\`ltr\` or \`rtl\`), \`it.t('mail.once')\` (a word in the language of the
mail, with these values in it) and the values below. \`url\` and \`token\` are null if there is nothing left to undo,
\`device\` is null if it is unknown. \`change\` is a kind, and \`what\` the sentence for it, in the language of the mail and without its full stop. All templates are tried at the start, in every language: a template
that is broken, has an unknown name or uses a value that it does not receive prevents the start.

| template | subject | values | sent |
|---|---|---|---|
${rows.join('\n')}
`;
}

/** `docs/reference/page-templates.md`, straight from what the features declare. */
export function pageTemplateReference(declared: DeclaredPages, title: (name: string) => string): string {
  const rows = [...declared].sort(byName).map(([name, { sample }]) => {
    const values = Object.entries(sample).map(([value, example]) => `\`${value}\` (${kindOf(example)})`);
    return `| \`${name}\` | ${cell(title(name))} | ${values.join(', ')} |`;
  });
  return `# Page templates

${GENERATED}

A file \`<template>.eta\` in the folder \`PAGES_TEMPLATES\` replaces the built-in page of the same name; \`layout.eta\` replaces what is around every page
(\`<%~ it.body %>\`). The syntax is that of [eta](https://eta.js.org); \`<%= %>\` is escaped. Templates are tried at the start with sample values, in every language: one that
is broken, has an unknown name or uses a value or a word that is not there prevents the start. \`npx coatcheck pages check\` also checks labels, headings, form tokens and
what the policy of the pages forbids. How to go about it: [theming and languages](../guides/theming-and-languages.md).

Every template receives ${RESERVED_VALUES.map((value) => `\`${value}\``).join(', ')}, and its own values:

| template | title | values |
|---|---|---|
${rows.join('\n')}
`;
}

/** In the words of JSON. */
function kindOf(example: unknown): string {
  if (example === null) return 'may be null';
  if (Array.isArray(example)) return example.length > 0 ? `list of ${kindOf(example[0])}` : 'list';
  if (example instanceof Date) return 'instant';
  if (typeof example === 'object') return `{ ${Object.keys(example as object).join(', ')} }`;
  return { string: 'text', number: 'number', boolean: 'true or false' }[typeof example as 'string'] ?? typeof example;
}

/** The table of every option. */
export function configurationTable(sections: readonly AnyOptionSection[]): string {
  const rows = sections
    .filter(({ specs }) => Object.keys(specs).length > 0)
    .flatMap(({ title, specs }) => [
      `| **${title}** | | | |`,
      ...Object.entries(specs).map(([name, spec]) => {
        const { shape, description } = spec;
        return `| \`${environmentName(name)}\` | ${cell(shape)} | ${shown(spec.default)} | ${cell(description)} |`;
      }),
    ]);
  return ['| variable | values | default | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}

function shown(value: unknown): string {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  if (value === undefined || value === '' || isEmpty) return '';
  if (typeof value === 'object' && !Array.isArray(value)) throw new TypeError('a default that the table cannot show');
  return `\`${Array.isArray(value) ? value.join(',') : String(value)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
