import fc from 'fast-check';
import type { AuthTestApp, TestUser } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

// biome-ignore lint/suspicious/noExplicitAny: a JSON document
type Json = any;

const nasty = fc.oneof(
  fc.constantFrom(
    null,
    true,
    0,
    -1,
    1e308,
    '',
    ' ',
    '\u0000',
    '\ud800',
    '../..',
    "' OR 1=1--",
    '${7*7}',
    '<script>',
    'a'.repeat(5000),
    [],
    {},
    [[]],
  ),
  fc.constantFrom({ $gt: '' }, { __proto__: null }, ['a@example.com'], '\r\nset-cookie: x=y', '%00', '\u202e', '😀'),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.jsonValue(),
);

describe('whatever a client sends', () => {
  let app: AuthTestApp;
  let user: TestUser;
  let document: Json;
  beforeAll(async () => {
    app = await bootService();
    user = await app.logIn({ strategy: 'jwt', transport: 'body' });
    document = (await app.client().get('/openapi.json')).body;
  });
  afterAll(() => app.close());

  it('never makes a 5xx, and is answered as the document says', async () => {
    const routes = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
      Object.entries<Json>(item).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
    );
    const request = fc.constantFrom(...routes).chain(({ path, method, operation }) =>
      fc.record({
        method: fc.constant(method),
        template: fc.constant(path),
        documented: fc.constant(Object.keys(operation.responses)),
        parameter: fc.oneof(fc.uuid(), fc.string({ maxLength: 60 }), fc.constantFrom('.', '..', '%2e%2e', '%', 'null')),
        query: fc.dictionary(fc.string({ maxLength: 12 }), fc.string({ maxLength: 30 }), { maxKeys: 3 }),
        body: method === 'GET' ? fc.constant(undefined) : bodyOf(schemaOf(document, operation)),
        authenticated: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(request, async ({ method, template, documented, parameter, query, body, authenticated }) => {
        // Logging the one user out would only make the rest of the run boring.
        if (authenticated && /logout/.test(template)) return;
        const path = template.replace(/\{\w+\}/, encodeURIComponent(parameter));
        const search = new URLSearchParams(Object.entries(query));
        const client = authenticated ? user : app.client();
        const reply = await client.request(method, `${path}?${search}`, body);
        expect([method, path, body, reply.status < 500]).toEqual([method, path, body, true]);
        // Of these the path is another one.
        const routed = !template.includes('{') || !['', '.', '..'].includes(parameter);
        if (routed)
          expect([method, template, documented]).toEqual([
            method,
            template,
            expect.arrayContaining([String(reply.status)]),
          ]);
        expect(reply.text).not.toMatch(/node_modules|at .*\.ts:\d+|QueryFailedError|SELECT |relation "/);
      }),
      { numRuns: 600, endOnFailure: true },
    );
    expect((await app.client().get('/health/ready')).status).toBe(200);
  });
});

function schemaOf(document: Json, operation: Json): Json {
  const reference: string | undefined = operation.requestBody?.content['application/json']?.schema.$ref;
  return reference ? document.components.schemas[reference.split('/').pop()!] : undefined;
}

/** Bodies near enough to the schema to get past the first check, and bodies that are nothing like it. */
function bodyOf(schema: Json): fc.Arbitrary<unknown> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, property] of Object.entries<Json>(schema?.properties ?? {})) {
    const good = property.example ?? property.enum?.[0] ?? 'text of some length';
    fields[name] = fc.oneof({ weight: 3, arbitrary: fc.constant(good) }, { weight: 2, arbitrary: nasty });
  }
  const near = fc.record(fields, { requiredKeys: [] });
  const extended = fc.tuple(
    near,
    fc.dictionary(fc.constantFrom('roles', 'id', '__proto__', 'constructor', 'x'), nasty, { maxKeys: 1 }),
  );
  return fc.oneof(
    near,
    extended.map(([body, more]) => ({ ...body, ...more })),
    nasty,
    fc.constantFrom('{', '[', '"', '\ufeff{}'),
  );
}
