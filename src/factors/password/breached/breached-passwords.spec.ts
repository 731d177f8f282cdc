import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError } from '../../../config/configuration-error.js';
import { BreachedPasswordFile } from './breached-password-file.js';
import { AnyBreachedPasswords, BreachedPasswords, NoBreachedPasswords } from './breached-passwords.js';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase();
const KNOWN = Array.from({ length: 1000 }, (_, i) => `breached ${i}`);
const never = new AbortController().signal;

describe('a file of breached passwords', () => {
  const folder = mkdtempSync(join(tmpdir(), 'breached-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const fileOf = (lines: readonly string[], end = '\r\n') => {
    const path = join(folder, `${Math.random()}.txt`);
    writeFileSync(path, lines.join(end));
    return path;
  };
  const sorted = KNOWN.map(sha1).sort();

  it.each([
    ['with counts and CRLF', sorted.map((hash, i) => `${hash}:${10 ** (i % 12)}`), '\r\n'],
    ['of hashes alone, in lower case', sorted.map((hash) => hash.toLowerCase()), '\n'],
    ['that ends in a newline', [...sorted, ''], '\n'],
    ['of one line', sorted.slice(0, 1), '\n'],
  ])('%s has each of its passwords, and no other', async (_, lines, end) => {
    const file = new BreachedPasswordFile(fileOf(lines, end));
    const there = new Set(lines.map((line) => line.slice(0, 40).toUpperCase()));
    const wrong: string[] = [];
    for (const password of KNOWN)
      if ((await file.includes(password, never)) !== there.has(sha1(password))) wrong.push(password);
    for (let i = 0; i < 200; i++) if (await file.includes(`other ${i}`, never)) wrong.push(`other ${i}`);
    expect(wrong).toEqual([]);
    await file.onApplicationShutdown();
  });

  it.each([
    ['that is not there', join(folder, 'nowhere'), /cannot be read: ENOENT/],
    ['that is empty', fileOf([]), /does not contain SHA-1 hashes/],
    ['of something else', fileOf(['password', 'secret']), /does not contain SHA-1 hashes/],
    ['in another order', fileOf([...sorted].reverse()), /not in ascending order/],
    ['of two files one after the other', fileOf([...sorted, ...sorted]), /not in ascending order/],
    [
      'with another kind of line in the middle',
      fileOf(sorted.toSpliced(500, 200, ...Array(200).fill('x'))),
      /SHA-1 hashes/,
    ],
    ['that is a folder', folder, /cannot be read: EISDIR/],
  ])('%s stops the boot', (_, path, problem) => {
    expect(() => new BreachedPasswordFile(path)).toThrow(ConfigurationError);
    expect(() => new BreachedPasswordFile(path)).toThrow(problem);
  });

  it('that leaves the order where the start did not look gives no answer, rather than a wrong one', async () => {
    const path = fileOf(sorted, '\n');
    const file = new BreachedPasswordFile(path);
    await file.includes('anything', never);
    const swapped = [...sorted];
    // A search for either half meets the line in the middle first.
    [swapped[500], swapped[250]] = [swapped[250]!, swapped[500]!];
    writeFileSync(path, swapped.join('\n'));
    const answers = await Promise.allSettled(KNOWN.map((password) => file.includes(password, never)));
    expect(answers.filter((answer) => answer.status === 'rejected').map(({ reason }) => reason.name)).toContain(
      'BreachedPasswordsNotInOrder',
    );
    await file.onApplicationShutdown();
  });
});

describe('several lists', () => {
  class Broken extends BreachedPasswords {
    includes(): Promise<boolean> {
      return Promise.reject(new Error('down'));
    }
  }
  class Everything extends BreachedPasswords {
    includes() {
      return Promise.resolve(true);
    }
  }

  it('know what any of them knows, also while another fails', async () => {
    expect(await new AnyBreachedPasswords([new Broken(), new Everything()]).includes('x', never)).toBe(true);
    expect(await new AnyBreachedPasswords([new NoBreachedPasswords()]).includes('x', never)).toBe(false);
    await expect(
      new AnyBreachedPasswords([new NoBreachedPasswords(), new Broken()]).includes('x', never),
    ).rejects.toThrow('down');
  });
});
