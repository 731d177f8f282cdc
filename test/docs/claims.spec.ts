import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pagesUnder, ROOT, textOf } from './markdown.js';

/** As much of the OpenAPI document as is asked here. */
interface Schema {
  readonly $ref?: string;
  readonly properties?: Record<string, Schema>;
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}
interface Operation {
  readonly parameters?: readonly { name: string; in: string }[];
  readonly requestBody?: { content: Record<string, { schema: Schema }> };
}

const API = JSON.parse(readFileSync(join(ROOT, 'dist/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};
const PAGES = ['README.md', ...pagesUnder('docs/guides')];
/** `POST /auth/login { email, password }`, as it stands in the pages. */
const ROUTE =
  /\b(GET|POST|PUT|PATCH|DELETE) (\/(?:auth|admin|health|\.well-known)[\w./:-]*)(\?[\w&]+)?(?: \{ ([^{}]*) \})?/g;

const routes = PAGES.flatMap((page) =>
  [...textOf(page).matchAll(ROUTE)].map(([text, method, path, query = '', body = '']) => ({
    where: `${page}: ${text}`,
    operation: operationOf(method!, path!),
    query: query.slice(1).split('&').filter(Boolean),
    body: body
      .split(', ')
      .map((field) => /^"?(\w+)/.exec(field)?.[1])
      .filter((name) => name !== undefined),
  })),
);

it('every route that a guide names is in the API document', () => {
  expect(routes.length).toBeGreaterThan(50);
  expect(routes.filter(({ operation }) => !operation).map(({ where }) => where)).toEqual([]);
});

it('every field and parameter that a guide names beside a route is one of that route', () => {
  const named = routes.flatMap(({ where, operation, query, body }) => {
    const known = { body: new Set(fieldsOf(operation)), query: new Set(parametersOf(operation)) };
    return [
      ...body.map((name) => ({ where, name, isKnown: known.body.has(name) })),
      ...query.map((name) => ({ where, name, isKnown: known.query.has(name) })),
    ];
  });
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ isKnown }) => !isKnown)).toEqual([]);
});

it('every command that a guide names is one of the command line', () => {
  const files = ['commands.ts', 'import-command.ts', 'machine-commands.ts', 'client-commands.ts'];
  const sources = files.map((name) => textOf(`src/cli/${name}`)).join('\n');
  const known = new Set([...sources.matchAll(/\.command\('([\w-]+)/g)].map(([, name]) => name!));
  const named = PAGES.flatMap((page) => [...textOf(page).matchAll(/npx coatcheck ([\w-]+)/g)].map(([, name]) => name!));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
  const table = /^## The command line\n([\s\S]*?)^## /m.exec(textOf('docs/guides/operate-and-upgrade.md'))![1]!;
  expect([...known].filter((name) => !new RegExp(`\`[^\`]*\\b${name}\\b`).test(table))).toEqual([]);
});

it('every metric that a guide names is in the reference', () => {
  const reference = textOf('docs/reference/metrics.md');
  const named = PAGES.flatMap((page) => textOf(page).match(/coatcheck_[a-z_]+/g) ?? []);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
});

function operationOf(method: string, path: string): Operation | undefined {
  const asked = path.replace(/\.$/, '').replace(/:\w+/g, '{}');
  const found = Object.entries(API.paths).find(([known]) => known.replace(/\{\w+\}/g, '{}') === asked);
  return found?.[1][method.toLowerCase()];
}

function parametersOf(operation: Operation | undefined): string[] {
  return (operation?.parameters ?? []).filter((parameter) => parameter.in === 'query').map(({ name }) => name);
}

function fieldsOf(operation: Operation | undefined): string[] {
  return Object.values(operation?.requestBody?.content ?? {}).flatMap(({ schema }) => propertiesOf(schema));
}

function propertiesOf({ $ref, properties = {}, oneOf = [], allOf = [] }: Schema): string[] {
  const referred = $ref === undefined ? [] : propertiesOf(API.components.schemas[$ref.split('/').at(-1)!]!);
  return [...referred, ...Object.keys(properties), ...[...oneOf, ...allOf].flatMap(propertiesOf)];
}
