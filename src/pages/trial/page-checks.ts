import { directionOf } from '../../languages/language-of.js';
import { type Tag, tagsOf } from './html-tags.js';

/** A problem of a page, and its remedy. */
export interface PageFinding {
  readonly problem: string;
  readonly remedy: string;
}

interface Page {
  readonly html: string;
  readonly language: string;
  readonly tags: readonly Tag[];
}

const UNLABELLED = new Set(['hidden', 'submit', 'button', 'image', 'reset']);
/** Ours; and what the OAuth library puts into its own forms. */
const TOKEN_FIELDS: ReadonlySet<string> = new Set(['_csrf', 'xsrf']);

/** Judges a written page by what every page must have, and must not. */
export function checkPage(html: string, language: string): PageFinding[] {
  const page = { html, language, tags: tagsOf(html) };
  return CHECKS.flatMap((check) => check(page));
}

const CHECKS: readonly ((page: Page) => PageFinding[])[] = [
  languageAndHeading,
  uniqueIds,
  labels,
  nothingInline,
  nothingForeign,
  formTokens,
  images,
  holes,
];

function languageAndHeading({ html, tags, language }: Page): PageFinding[] {
  const root = tags.find(({ name }) => name === 'html');
  const headings = tags.filter(({ name }) => name === 'h1').length;
  const title = /<title>\s*[^<\s][^<]*<\/title>/i.test(html);
  return [
    ...when(
      root?.attributes.get('lang') !== language,
      'has no `lang` of its language',
      'write <html lang="<%= it.lang %>">',
    ),
    ...when(root?.attributes.get('dir') !== directionOf(language), 'has no `dir`', 'write <html dir="<%= it.dir %>">'),
    ...when(headings !== 1, `has ${headings} h1`, 'give it one h1'),
    ...when(!title, 'has no title', 'write <title><%= it.title %></title>'),
  ];
}

function uniqueIds({ tags }: Page): PageFinding[] {
  const ids = tags.map(({ attributes }) => attributes.get('id')).filter((id) => id !== undefined);
  const twice = [...new Set(ids.filter((id, at) => ids.indexOf(id) !== at))];
  return twice.map((id) => ({
    problem: `has the id ${id} more than once`,
    remedy: 'give each element an id of its own',
  }));
}

function labels({ html, tags }: Page): PageFinding[] {
  const ids = new Set(tags.map(({ attributes }) => attributes.get('id')));
  const marks = tags.filter(({ name }) => name === 'label');
  const dangling = marks.flatMap(({ attributes }) => {
    const id = attributes.get('for');
    return when(
      id !== undefined && !ids.has(id),
      `has a label for ${id}, which is not there`,
      'use the id of the field',
    );
  });
  const fields = tags.filter(
    ({ name, attributes }) =>
      ['input', 'select', 'textarea'].includes(name) &&
      !attributes.has('hidden') &&
      !UNLABELLED.has(attributes.get('type') ?? 'text'),
  );
  const nameless = fields.flatMap(({ attributes, at }) => {
    const isLabelled =
      attributes.has('aria-label') ||
      attributes.has('aria-labelledby') ||
      marks.some((mark) => mark.attributes.get('for') === attributes.get('id') && attributes.has('id')) ||
      marks.some((mark) => mark.at < at && at < mark.end);
    const what = attributes.get('name') ?? attributes.get('id') ?? html.slice(at, at + 30);
    return when(!isLabelled, `has the field ${what} without a label`, 'write <label for="…"> with the id of the field');
  });
  return [...dangling, ...nameless];
}

function nothingInline({ tags }: Page): PageFinding[] {
  const remedy = 'put it into PAGES_THEME, or leave it out: the policy of the pages forbids it';
  return tags.flatMap(({ name, attributes }) => [
    ...when(name === 'style', 'has a style element', remedy),
    ...when(name === 'script' && !attributes.has('src'), 'has an inline script', remedy),
    ...when(attributes.has('style'), `has a style attribute at ${name}`, remedy),
    ...[...attributes.keys()]
      .filter((key) => key.startsWith('on'))
      .map((key) => ({ problem: `has a handler ${key} at ${name}`, remedy })),
    ...when(/^\s*javascript:/i.test(attributes.get('href') ?? ''), 'has a link to javascript:', remedy),
  ]);
}

function nothingForeign({ tags }: Page): PageFinding[] {
  return tags.flatMap(({ name, attributes }) => {
    const address = name === 'link' ? attributes.get('href') : attributes.get('src');
    const isForeign = address !== undefined && /^(https?:)?\/\//i.test(address);
    return when(isForeign, `loads ${address}`, 'load nothing from another host: the policy of the pages forbids it');
  });
}

function formTokens({ tags }: Page): PageFinding[] {
  const forms = tags.filter(
    ({ name, attributes }) => name === 'form' && attributes.get('method')?.toLowerCase() === 'post',
  );
  return forms.flatMap((form) => {
    const hasToken = tags.some(
      ({ name, at, attributes }) =>
        name === 'input' &&
        at > form.at &&
        at < form.end &&
        TOKEN_FIELDS.has(attributes.get('name') ?? '') &&
        attributes.get('value') !== '',
    );
    const where = form.attributes.get('action') ?? 'this page';
    const remedy = 'write <input type="hidden" name="_csrf" value="<%= it.csrf %>"> in it';
    return when(!hasToken, `has a form to ${where} without its token`, remedy);
  });
}

function images({ tags }: Page): PageFinding[] {
  return tags.flatMap(({ name, attributes }) =>
    when(
      name === 'img' && !attributes.has('alt'),
      'has an image without alt',
      'write alt="…", or alt="" if it says nothing',
    ),
  );
}

/** Finds the traces of values that were not there. */
function holes({ html }: Page): PageFinding[] {
  const text = html.replace(/<[^>]*>/g, ' ');
  const found = /\bundefined\b|\[object \w+\]|\bNaN\b|<%|%>|\{\w+\}/.exec(text)?.[0];
  return when(found !== undefined, `shows ${found}`, 'correct the value or the word that stands there');
}

function when(isWrong: boolean, problem: string, remedy: string): PageFinding[] {
  return isWrong ? [{ problem, remedy }] : [];
}
