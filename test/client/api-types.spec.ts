import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BEGINNING } from '../../src/client/core.js';
import { TURNS } from '../../src/client/tokens/renewing.js';

const ROOT = resolve(__dirname, '../..');
const FILE = join(ROOT, 'src/client/api.ts');
const generated = () =>
  execFileSync(process.execPath, [join(__dirname, 'api-types.mjs')], { encoding: 'utf8', maxBuffer: 1 << 26 });

describe('the types of the client', () => {
  it('are those of the OpenAPI document (write them anew with npm run docs)', () => {
    const types = generated();
    if (process.env.UPDATE_DOCS === '1') writeFileSync(FILE, types);
    expect(readFileSync(FILE, 'utf8')).toBe(types);
  });

  it('say what a program may call, give and read, and nothing else compiles', () => {
    const compile = () =>
      execFileSync(
        process.execPath,
        [join(ROOT, 'node_modules/@typescript/native/bin/tsc'), '-p', join(__dirname, 'types')],
        {
          stdio: 'pipe',
          encoding: 'utf8',
        },
      );
    expect(compile).not.toThrow();
  });
});

describe('routes that the client treats in a way of their own', () => {
  const { paths, components } = JSON.parse(readFileSync(join(ROOT, 'dist/openapi.json'), 'utf8'));
  const routes = Object.entries<Record<string, Operation>>(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, takes: takenBy(operation) })),
  );

  function takenBy({ requestBody }: Operation): string[] {
    const name = requestBody?.content['application/json']?.schema.$ref?.split('/').at(-1);
    return Object.keys(components.schemas[name ?? '']?.properties ?? {});
  }

  it('and that make it wait its turn are among others all that the document has take a transport', () => {
    const taking = routes.filter(({ takes }) => takes.includes('transport'));
    expect(taking.length).toBeGreaterThan(9);
    expect(taking.filter(({ method, path }) => !TURNS.test(method.toUpperCase() + path))).toEqual([]);
    expect(TURNS.test('/auth/logout')).toBe(true);
    const waiting = routes.filter(({ method, path }) => TURNS.test(method.toUpperCase() + path));
    expect(waiting.filter(({ method }) => method === 'get')).toEqual([]);
  });

  it('are those that begin a session, which the document has take a strategy', () => {
    const begins = (path: string) => (BEGINNING.exec(path) ?? ['', '', '/factor'])[2] !== '/factor';
    const asked = routes.filter(({ method, path }) => method === 'post' && begins(path));
    const taking = routes.filter(({ takes }) => takes.includes('strategy'));
    expect(asked.map(({ path }) => path)).toEqual(taking.map(({ path }) => path));
  });
});

interface Operation {
  readonly requestBody?: { readonly content: Record<string, { readonly schema: { readonly $ref?: string } }> };
}
