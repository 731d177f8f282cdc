import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { textOf } from './files.js';

const UNIT = 'service/systemd/coatcheck.service';
/** As `systemd-analyze security` counts it, in tenths: 0 may do nothing, 100 anything. */
const MOST_EXPOSURE = 15;
const settings = new Map<string, string[]>();
for (const [, name, value] of textOf(UNIT).matchAll(/^(\w+)=(.*)$/gm))
  settings.set(name!, [...(settings.get(name!) ?? []), value!]);

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!hasSystemd)
  process.stderr.write('\n!! systemd-analyze is not installed: the unit is read, but NOT VERIFIED by systemd.\n\n');

describe('the systemd unit', () => {
  it('has a user of its own, writes nothing, and takes its secrets from a file that others cannot read', () => {
    const said = (name: string) => settings.get(name);
    expect(said('DynamicUser')).toEqual(['yes']);
    expect(said('ProtectSystem')).toEqual(['strict']);
    expect(said('NoNewPrivileges')).toEqual(['yes']);
    expect(said('CapabilityBoundingSet')).toEqual(['']);
    for (const name of ['StateDirectory', 'ReadWritePaths', 'LogsDirectory', 'CacheDirectory'])
      expect(said(name)).toBeUndefined();
    expect(said('EnvironmentFile')).toEqual(['/etc/coatcheck/environment']);
    expect(said('Environment')).toEqual(['NODE_ENV=production']);
    // Compiled while it runs.
    expect(said('MemoryDenyWriteExecute')).toBeUndefined();
  });

  it('gives the drain its time, and leaves the process that hashes to it', () => {
    expect(Number(settings.get('TimeoutStopSec')![0])).toBeGreaterThan(10);
    expect(settings.get('KillMode')).toEqual(['mixed']);
  });

  (hasSystemd ? it : it.skip)('is verified by systemd, and exposes little', () => {
    const folder = mkdtempSync(join(tmpdir(), 'coatcheck-unit-'));
    try {
      const unit = join(folder, 'coatcheck.service');
      // Its Node may be elsewhere here.
      writeFileSync(unit, textOf(UNIT).replace('/usr/bin/node', process.execPath));
      const verified = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
      expect({ status: verified.status, said: verified.stderr }).toEqual({ status: 0, said: '' });
      const threshold = `--threshold=${MOST_EXPOSURE}`;
      execFileSync('systemd-analyze', ['security', '--offline=true', threshold, '--no-pager', unit], { stdio: 'pipe' });
      writeFileSync(unit, textOf(UNIT).replace('DynamicUser=yes', 'User=root').replace('ProtectSystem=strict', ''));
      expect(
        spawnSync('systemd-analyze', ['security', '--offline=true', threshold, '--no-pager', unit]).status,
      ).not.toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
