import type { Catalogue, WordValues } from '../languages/catalogue.js';
import type { Refused } from './page-view.js';

const ID = 'refusal';
/** Of a field that is to blame: the first of them has the focus. */
export const INVALID = ` autofocus aria-invalid="true" aria-describedby="${ID}"`;

/** Whether a field is to blame. */
export function isRefused({ fields }: Refused, field: string): boolean {
  return fields.some((one) => one.field === field);
}

interface Speaker {
  t(key: string, values?: WordValues): string;
  readonly catalogue: Catalogue;
}

/**
 * The element that says what is wrong, and what to do: the word `<page>.error.<code>` if there is one, else `error.<code>`; of each field the
 * word `<page>.rule.<rule>.<field>`, or else `rule.<rule>`, after its label, the word `<page>.<field>`, `field.<field>` or `<field>.label`; and when to
 * try again.
 *
 * @param labels of fields that have no such word
 */
export function refusalElement(
  { code, fields, retryAfterSeconds }: Refused,
  page: string,
  by: Speaker,
  labels: Readonly<Record<string, string>> = {},
): string {
  const firstOf = (...keys: string[]) => keys.find((key) => by.catalogue.has(key));
  const said = by.t(firstOf(`${page}.error.${code}`, `error.${code}`) ?? 'error.internal_error');
  const lines = fields.map(({ field, rule, limit }) => {
    const key = firstOf(`${page}.${field}`, `${thingOf(page)}.${field}`, `field.${field}`, `${field}.label`);
    const label = key ? by.t(key) : Object.hasOwn(labels, field) && labels[field];
    const text = by.t(wordOfRule(rule, page, by.catalogue, field), { limit });
    return label ? `${label}: ${text}` : text;
  });
  const list =
    lines.length > 0 ? `<ul>${[...new Set(lines)].map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>` : '';
  const when = retryAfterSeconds === null ? '' : ` ${by.t(...waitingFor(retryAfterSeconds))}`;
  return `<div class="problem" role="alert" id="${ID}">${escaped(said + when)}${list}</div>`;
}

/** The word for the rule that a field of this page has broken, whether the rule is known or not. */
export function wordOfRule(rule: string, page: string, catalogue: Catalogue, field?: string): string {
  const keys = [
    `${thingOf(page)}.rule.${rule}.${field}`,
    `${page}.rule.${rule}`,
    `${thingOf(page)}.rule.${rule}`,
    `rule.${rule}`,
  ];
  return keys.find((key) => catalogue.has(key)) ?? 'rule.other';
}

/** The page of the thing: the page on which it is made has the same fields. */
function thingOf(page: string): string {
  return page.replace(/-new$/, '');
}

/** Rounded up: who comes earlier would be refused once more. */
function waitingFor(seconds: number): [key: string, values: { count: number }] {
  if (seconds < 120) return ['problem.seconds', { count: seconds }];
  if (seconds < 7200) return ['problem.minutes', { count: Math.ceil(seconds / 60) }];
  return ['problem.hours', { count: Math.ceil(seconds / 3600) }];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
