import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFolder } from './folder-lock.js';

describe('the lock of an embedded database', () => {
  const root = mkdtempSync(join(tmpdir(), 'coatcheck-lock-'));
  const children: ChildProcess[] = [];
  let count = 0;

  afterAll(() => {
    for (const child of children) child.kill();
    rmSync(root, { recursive: true });
  });

  it('is held by one opener, given back, and free again', () => {
    const folder = next();
    const unlock = lockFolder(folder);
    expect(readFileSync(`${folder}.lock`, 'utf8')).toBe(`${process.pid}\n`);
    expect(() => lockFolder(folder)).toThrow(`in use by process ${process.pid}`);
    unlock();
    expect(existsSync(`${folder}.lock`)).toBe(false);
    lockFolder(folder)();
  });

  it('makes the folders on the way', () => {
    lockFolder(join(next(), 'deep', 'down'))();
  });

  it('refuses while the process that holds it is alive', () => {
    const folder = next();
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    children.push(child);
    lockFolder(folder)();
    writeFileSync(`${folder}.lock`, `${child.pid}\n`);
    expect(() => lockFolder(folder)).toThrow(`in use by process ${child.pid}`);
    expect(readFileSync(`${folder}.lock`, 'utf8')).toBe(`${child.pid}\n`);
  });

  it('takes over from a process that is dead, and from an earlier one of the same number', () => {
    for (const pid of [spawnSync(process.execPath, ['-e', '']).pid, process.pid]) {
      const folder = next();
      lockFolder(folder)();
      writeFileSync(`${folder}.lock`, `${pid}\n`);
      const unlock = lockFolder(folder);
      expect(readFileSync(`${folder}.lock`, 'utf8')).toBe(`${process.pid}\n`);
      unlock();
    }
  });

  it('takes over a lock that names no process', () => {
    const folder = next();
    lockFolder(folder)();
    writeFileSync(`${folder}.lock`, '');
    lockFolder(folder)();
  });

  it('does not take back a second time what another process has locked since', () => {
    const folder = next();
    const unlock = lockFolder(folder);
    unlock();
    const unlockLater = lockFolder(folder);
    expect(existsSync(`${folder}.lock`)).toBe(true);
    unlockLater();
    unlock();
  });

  function next(): string {
    return join(root, `data-${count++}`, 'postgres');
  }
});
