import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AuthTestApp } from '../../src/testing/index.js';
import { bootService } from '../flows/combinations.js';

const ROOT = resolve(__dirname, '../..');
const bin = (path: string) => join(ROOT, 'node_modules', path);

/**
 * A consumer's day: generate types from the document, write a program against them, compile it, run it. What the document
 * leaves out does not compile; what it gets wrong fails at run time.
 */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './schema.js';

const [baseUrl, email, password] = process.argv.slice(2) as [string, string, string];
const client = createClient<paths>({ baseUrl });

const login = await client.POST('/auth/login', { body: { email, password, strategy: 'jwt', transport: 'body' } });
if (login.error) throw new Error(login.error.code);
if (login.data.status !== 'authenticated') throw new Error(login.data.status);
const headers = { authorization: \`Bearer \${login.data.accessToken}\` };
const me = await client.GET('/auth/me', { headers });
const sessions = await client.GET('/auth/sessions', { headers });
const current = sessions.data!.sessions.find((session) => session.current)!;
const refreshed = await client.POST('/auth/refresh', { body: { refreshToken: login.data.refreshToken! } });
await client.DELETE('/auth/sessions/{id}', { params: { path: { id: current.id } }, headers });
const after = await client.GET('/auth/me', { headers });
const again = await client.POST('/auth/login', { body: { email, password, strategy: 'jwt', transport: 'body' } });
if (again.data?.status !== 'authenticated') throw new Error('unfinished');
const bearer = { authorization: \`Bearer \${again.data.accessToken}\` };
const renamed = await client.PATCH('/auth/me', { headers: bearer, body: { name: 'Ada King' } });
const steppedUp = await client.POST('/auth/step-up', { headers: bearer, body: { password } });
const stronger = { authorization: \`Bearer \${steppedUp.data!.accessToken}\` };
const changed = await client.POST('/auth/password/change', {
  headers: stronger,
  body: { currentPassword: password, newPassword: 'seventeen quiet otters', transport: 'body' },
});
const last = { authorization: \`Bearer \${changed.data!.accessToken}\` };
const forgotten = await client.POST('/auth/password/forgot', { body: { email } });
const moved = await client.POST('/auth/email/change', { headers: last, body: { email: 'new@example.com', password: 'wrong horse' } });
const deleted = await client.DELETE('/auth/me', { headers: last, body: { password: 'seventeen quiet otters' } });
const account = [renamed.data!.name, forgotten.data!.status, moved.error!.code, deleted.response.status];
const verified: boolean = me.data!.user.emailVerified;
const name: string | null = me.data!.user.name;
console.log(JSON.stringify({ email: me.data!.user.email, verified, name, expiresIn: refreshed.data!.expiresIn, after: after.error!.code, account }));
`;

describe('a client generated from the document', () => {
  let app: AuthTestApp;
  let folder: string;
  beforeAll(async () => {
    app = await bootService();
    folder = mkdtempSync(join(tmpdir(), 'coatcheck-client-'));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await app.close();
  });

  it('compiles and drives login, me, sessions, refresh and logout', async () => {
    const { email, password } = await app.register({ name: 'Ada' });
    writeFileSync(join(folder, 'openapi.json'), (await app.client().get('/openapi.json')).text);
    execFileSync(process.execPath, [bin('openapi-typescript/bin/cli.js'), 'openapi.json', '-o', 'schema.ts'], {
      cwd: folder,
      stdio: 'pipe',
    });
    expect(readFileSync(join(folder, 'schema.ts'), 'utf8')).toContain('"/auth/login"');
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'client.ts'), PROGRAM);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const options = {
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2023'],
      strict: true,
      skipLibCheck: true,
      types: ['node'],
      outDir: 'dist',
      rootDir: '.',
    };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['client.ts', 'schema.ts'] }),
    );
    try {
      execFileSync(process.execPath, [bin('@typescript/native/bin/tsc'), '-p', '.'], {
        cwd: folder,
        stdio: 'pipe',
        encoding: 'utf8',
      });
    } catch (error) {
      throw new Error((error as { stdout: string }).stdout);
    }
    const output = await run([join(folder, 'dist/client.js'), app.url, email, password]);
    expect(JSON.parse(output)).toEqual({
      email,
      verified: true,
      name: 'Ada',
      expiresIn: expect.any(Number),
      after: 'session_ended',
      account: ['Ada King', 'reset_sent', 'invalid_credentials', 204],
    });
  });
});

/** Not `execFileSync`: the service under test answers in this very process. */
async function run(argv: string[]): Promise<string> {
  const { execFile } = await import('node:child_process');
  return new Promise((resolveOutput, reject) => {
    execFile(process.execPath, argv, (error, stdout, stderr) =>
      error ? reject(new Error(stderr)) : resolveOutput(stdout),
    );
  });
}
