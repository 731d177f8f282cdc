import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Lays below `root` what `gcr.io/distroless/cc` has and a Node program needs: the dynamic loader and the libraries that `program` is
 * linked with, from this machine; certificates; a user that is not root. No shell, and no folder that anybody may write to.
 */
export function layBase(root: string, program: string): void {
  for (const folder of ['proc', 'dev', 'etc/ssl']) mkdirSync(join(root, folder), { recursive: true });
  for (const device of ['null', 'zero', 'random', 'urandom']) writeFileSync(join(root, 'dev', device), '');
  const linked = execFileSync('ldd', [program], { encoding: 'utf8' });
  for (const [library] of linked.matchAll(/\/\S+\.so\S*/g)) {
    mkdirSync(join(root, dirname(library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
  for (const file of ['/etc/resolv.conf', '/etc/hosts', '/etc/nsswitch.conf', '/etc/ssl/certs'])
    if (existsSync(file)) cpSync(file, join(root, file), { recursive: true, dereference: true });
  writeFileSync(join(root, 'etc/passwd'), 'nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n');
  writeFileSync(join(root, 'etc/group'), 'nonroot:x:65532:\n');
}
