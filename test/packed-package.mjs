// Packs the package and unpacks it, once for all suites that are applications which have installed it.
// Says `{ url }`, which is the folder, or `{ failure }`; deletes it at the end of the process that forked this one.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'coatcheck-package-'));
const stop = (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
};
process.on('disconnect', () => stop(0));

try {
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
    stdio: 'pipe',
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(packed.slice(packed.indexOf('[')));
  const unpacked = join(folder, 'package');
  mkdirSync(unpacked);
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', unpacked, '--strip-components=1']);
  process.send?.({ url: unpacked });
} catch (error) {
  process.send?.({ failure: String(error) });
  stop(1);
}
