import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
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
  end(): Promise<void>;
}

/** A proxy that ends TLS in front of `target`, asks clients for certificates, and says by `directives` what it saw. */
export async function startNginx(
  target: string,
  clientCa: Authority,
  shown: Identity,
  directives: string,
): Promise<Nginx> {
  if (PROGRAM === undefined) throw new Error('nginx is not installed: install the package nginx-light');
  const folder = freshFolder();
  mkdirSync(join(folder, 'temp'));
  const port = await freePort();
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port, target, clientCa, shown, directives));
  const nginx = spawn(PROGRAM, ['-p', folder, '-c', file, '-e', join(folder, 'error.log')], { stdio: 'inherit' });
  const ended = new Promise<void>((resolve) => nginx.once('exit', () => resolve()));
  const url = `https://127.0.0.1:${port}`;
  await answering(url);
  return {
    url,
    end: () => {
      nginx.kill('SIGTERM');
      return ended;
    },
  };
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

async function answering(url: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await call(`${url}/health/live`);
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
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
