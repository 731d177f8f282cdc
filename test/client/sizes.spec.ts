import { gzipSync } from 'node:zlib';
import { bundled } from './bundle.js';

const kilobytes = (code: string) => gzipSync(code, { level: 9 }).length / 1000;
const USE = "globalThis.client = createClient({ baseUrl: '/' })";
const PROGRAMS = {
  session: `import { createClient } from 'coatcheck/client'; ${USE}`,
  cookie: `import { createClient } from 'coatcheck/client'; import { cookie } from 'coatcheck/client/tokens';
    globalThis.client = createClient({ baseUrl: '/', transport: cookie() })`,
  split: `import { createClient } from 'coatcheck/client'; import { split } from 'coatcheck/client/tokens';
    globalThis.client = createClient({ baseUrl: '/', transport: split() })`,
  calls: `import { createClient, routes } from 'coatcheck/client'; globalThis.routes = routes(createClient({ baseUrl: '/' }))`,
  passkeys: `import { createClient } from 'coatcheck/client'; import { passkeys } from 'coatcheck/client/passkeys';
    globalThis.passkeys = passkeys(createClient({ baseUrl: '/' }))`,
  react: `export * from 'coatcheck/client/react'`,
};

describe('the client in a bundle, minified and compressed', () => {
  const codes = {} as Record<keyof typeof PROGRAMS, string>;
  beforeAll(async () => {
    for (const [name, program] of Object.entries(PROGRAMS))
      codes[name as keyof typeof PROGRAMS] = await bundled(program, { external: ['react'] });
  });

  it.each([
    ['session', 2.5],
    ['calls', 2.7],
    ['cookie', 4],
    ['split', 4],
    ['react', 0.45],
  ] as const)('%s is at most %s kB', (name, most) => {
    expect(kilobytes(codes[name])).toBeLessThanOrEqual(most);
  });

  it('passkeys add at most 1 kB', () => {
    expect(kilobytes(codes.passkeys) - kilobytes(codes.session)).toBeLessThanOrEqual(1);
  });

  it('reads no environment and evaluates no text', () => {
    for (const code of Object.values(codes)) expect(code).not.toMatch(/\bprocess\b|\beval\(|new Function|\bBuffer\b/);
  });

  it('contains nothing that the page does not use', () => {
    expect(codes.session).not.toMatch(
      /auth\/refresh|Bearer|navigator\.locks|accessToken|publicKey|PATCH|coatcheck-hint/,
    );
    expect(codes.cookie).not.toMatch(/"split"|"body"|\.read\(\)\)|publicKey/);
    expect(codes.split).not.toMatch(/"body"|isLeaving|\.read\(\)\)|publicKey/);
    expect(codes.passkeys).not.toMatch(/auth\/refresh|Bearer/);
  });

  it('does nothing when it is only imported', async () => {
    const doors = ['', '/tokens', '/passkeys'].map((door) => `import 'coatcheck/client${door}';`);
    expect((await bundled(doors.join('\n'))).trim()).toBe('');
  });
});
