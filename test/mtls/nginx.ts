import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { closedAtTheEnd } from '../left-open.js';
import { Authority, freshFolder, type Identity } from './authority.js';
import { call } from './tls-client.js';

/** Debian puts it where only root looks. */
const PROGRAM = ['/usr/sbin/nginx', 'nginx'].find(runs);

/** Whether there is one. Its tests are left out without it, loudly; but not in continuous integration. */
export function hasNginx(): boolean {
  if (PROGRAM !== undefined || process.env.CI === 'true') return true;
  process.stderr.write('\n!! nginx is not installed: its tests are LEFT OUT. Install the package nginx-light.\n\n');
  return false;
}

export interface Nginx {
  readonly url: string;
  close(): Promise<unknown>;
}

/** A proxy that ends TLS in front of `target`, asks clients for certificates, and says by `directives` what it saw. */
export async function startNginx(
  target: string,
  clientCa: Authority,
  shown: Identity,
  directives: string,
): Promise<Nginx> {
  if (PROGRAM === undefined) throw new Error('nginx is not installed: install the package nginx-light');
  // Another process may take the port between our looking and its start.
  for (let attempt = 1; ; attempt += 1) {
    const started = await startOn(await freePort(), (folder, port) =>
      configuration(folder, port, target, clientCa, shown, directives),
    );
    if (typeof started !== 'string') return started;
    if (attempt === 5) throw new Error(`nginx does not start: ${started}`);
  }
}

/** Or what it said before it ended. */
async function startOn(port: number, configured: (folder: string, port: number) => string): Promise<Nginx | string> {
  const folder = freshFolder();
  mkdirSync(join(folder, 'temp'));
  const [file, log] = [join(folder, 'nginx.conf'), join(folder, 'error.log')];
  writeFileSync(file, configured(folder, port));
  // Nothing of ours is handed on: what waits for our output would wait for nginx.
  const nginx = spawn(PROGRAM!, ['-p', folder, '-c', file, '-e', log], { stdio: 'ignore' });
  nginx.unref();
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => nginx.once('exit', () => resolve())).then(() => {
    hasEnded = true;
  });
  const url = `https://127.0.0.1:${port}`;
  while (!hasEnded && !(await isAnswering(url))) await new Promise((resolve) => setTimeout(resolve, 20));
  if (hasEnded) return readFileSync(log, 'utf8');
  return closedAtTheEnd({
    url,
    close: () => {
      nginx.kill('SIGTERM');
      return ended;
    },
  });
}

function configuration(
  folder: string,
  port: number,
  target: string,
  clientCa: Authority,
  shown: Identity,
  directives: string,
): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  access_log off;
  ${temp.map((kind) => `${kind}_temp_path ${folder}/temp/${kind};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${shown.certFile};
    ssl_certificate_key ${shown.keyFile};
    ssl_client_certificate ${clientCa.certFile};
    ssl_verify_client optional_no_ca;
    ssl_verify_depth 3;
    ssl_protocols TLSv1.2 TLSv1.3;
    location / {
      proxy_pass ${target};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      ${directives}
    }
  }
}
`;
}

function isAnswering(url: string): Promise<boolean> {
  return call(`${url}/health/live`).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function runs(program: string): boolean {
  try {
    execFileSync(program, ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
