import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { sharedServer } from '../servers-of-this-run.js';

const MODULES = resolve(__dirname, '../../node_modules');
/** As strict as a compiler gets; also the types of the package itself must hold. */
const STRICTEST = {
  module: 'nodenext',
  target: 'es2022',
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  preserveSymlinks: true,
  noEmit: true,
};
const PAGE = `
import { type Client, createClient, hintCookie, problemOf } from 'coatcheck/client';
import { cookie, split, body } from 'coatcheck/client/tokens';
import { passkeys } from 'coatcheck/client/passkeys';
import { AuthProvider, useSession, useUser } from 'coatcheck/client/react';
const client: Client = createClient({ baseUrl: '/', transport: split(), hint: hintCookie });
export const all = [client, cookie, body, passkeys(client), problemOf, AuthProvider, useSession, useUser];
`;
const SERVER = `
import { readSession } from 'coatcheck/client/next';
export const read = (request: Request) => readSession(request, { baseUrl: 'https://auth.example.com' });
export const readHeaders = (headers: { get(name: string): string | null }) =>
  readSession(headers, { baseUrl: 'https://auth.example.com' });
`;

describe('the client of the packed package', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'coatcheck-page-'));
    link((await sharedServer('package')).url, 'coatcheck');
    for (const name of ['react', '@types/react', '@types/node', 'undici-types', 'csstype'])
      link(join(MODULES, name), name);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function link(target: string, name: string): void {
    const place = join(folder, 'node_modules', name);
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(target, place);
  }

  it.each([
    ['a page', PAGE, { lib: ['es2022', 'dom', 'dom.iterable'], types: [] }],
    ['a server with the types of browsers', SERVER, { lib: ['es2022', 'dom'], types: ['node'] }],
    ['a server without them', SERVER, { lib: ['es2022'], types: ['node'] }],
  ])('compiles strictly, its own types too: %s', (_which, code, options) => {
    writeFileSync(join(folder, 'main.ts'), code);
    const compilerOptions = { ...STRICTEST, ...options };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['main.ts'] }));
    expect(outputOf([join(MODULES, 'typescript/bin/tsc'), '-p', '.'])).toBe('');
  });

  it('is loaded by Node, where there is no page, and asks nothing by itself', () => {
    const code = `
      globalThis.fetch = () => { throw new Error('asked') };
      const { createClient } = await import('coatcheck/client');
      const { split } = await import('coatcheck/client/tokens');
      await import('coatcheck/client/passkeys'); await import('coatcheck/client/next'); await import('coatcheck/client/react');
      const client = createClient({ baseUrl: 'https://auth.example.com', transport: split() });
      client.dispose(); client.dispose();
      console.log(client.session.getSnapshot().status, JSON.stringify(client));`;
    expect(outputOf(['--preserve-symlinks', '--input-type=module', '-e', code]).trim()).toBe('unknown {"session":{}}');
  });

  function outputOf(args: string[]): string {
    try {
      return execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return stdout + stderr;
    }
  }
});
