import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedAtTheEnd } from '../left-open.js';
import { reservePort } from '../ports.mjs';

const PROGRAM = '/usr/sbin/apache2';
const MODULES = '/usr/lib/apache2/modules';

/** Whether it is there with its module. Its tests are left out without it, loudly; but not in continuous integration. */
export function hasApache(): boolean {
  if (process.env.CI === 'true' || (existsSync(PROGRAM) && existsSync(`${MODULES}/mod_auth_openidc.so`))) return true;
  const packages = 'apache2 and libapache2-mod-auth-openidc';
  process.stderr.write(`\n!! Apache is not installed: its tests are LEFT OUT. Install the packages ${packages}.\n\n`);
  return false;
}

/** An Apache of a test's own, with the directives of an administrator; `/bye` and `/app` are pages, `/app` says by a header who is there. */
export class Apache {
  private constructor(
    readonly url: string,
    readonly close: () => Promise<unknown>,
  ) {}

  /** @param directives by its own address */
  static async start(port: number, directives: string): Promise<Apache> {
    const folder = mkdtempSync(join(tmpdir(), 'coatcheck-apache-'));
    // Its workers are another user's, where root starts them.
    chmodSync(folder, 0o755);
    for (const page of ['app', 'bye']) {
      mkdirSync(join(folder, 'pages', page), { recursive: true });
      writeFileSync(join(folder, 'pages', page, 'index.html'), `<title>${page}</title>`);
    }
    const file = join(folder, 'apache.conf');
    writeFileSync(file, configuration(folder, port, directives));
    const log = join(folder, 'start.log');
    const apache = spawn(PROGRAM, ['-d', folder, '-f', file, '-E', log, '-DFOREGROUND'], { stdio: 'ignore' });
    apache.unref();
    let hasEnded = false;
    // One that cannot be spawned has no exit.
    let notSpawned = '';
    const ended = new Promise<void>((resolve) => {
      apache.once('exit', () => resolve());
      apache.once('error', ({ message }) => {
        notSpawned = message;
        resolve();
      });
    }).then(() => {
      hasEnded = true;
    });
    const url = `http://localhost:${port}`;
    while (!hasEnded && !(await isAnswering(`${url}/bye/`))) await new Promise((resolve) => setTimeout(resolve, 20));
    const said = notSpawned || (hasEnded ? readFileSync(log, 'utf8') : '');
    const close = async () => {
      apache.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    };
    if (hasEnded) {
      await close();
      throw new Error(`Apache does not start: ${said}`);
    }
    return closedAtTheEnd(new Apache(url, close));
  }

  static freePort(): Promise<number> {
    return reservePort();
  }
}

/** A browser without scripts, that follows nothing and sends none of the headers by which Node's `fetch` is told apart from one. */
export class PlainBrowser {
  private readonly cookies = new Map<string, string>();

  async get(address: string): Promise<{ status: number; location: string; user: string | undefined }> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const reply = await answerOf(address, { cookie, accept: 'text/html', 'sec-fetch-mode': 'navigate' });
    for (const set of reply.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const { location = '', 'x-user': user } = reply.headers;
    return { status: reply.statusCode ?? 0, location, user: user as string | undefined };
  }
}

function answerOf(address: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(address, { headers, agent: false }, (reply) => {
      reply.resume();
      reply.once('end', () => resolve(reply));
    }).once('error', reject);
  });
}

const isAnswering = (address: string) =>
  answerOf(address, {}).then(
    () => true,
    () => false,
  );

function configuration(folder: string, port: number, directives: string): string {
  const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'dir', 'headers', 'auth_openidc'];
  return `${modules.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`).join('\n')}
ServerName localhost
Listen 127.0.0.1:${port}
Listen [::1]:${port}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 8
DocumentRoot ${folder}/pages
DirectoryIndex index.html
<Location /bye>
  Require all granted
</Location>
Header set X-User "expr=%{REMOTE_USER}"
${directives}
`;
}
