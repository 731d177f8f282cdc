import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import { ConfigurationError } from '../../../config/configuration-error.js';
import { BreachedPasswords } from './breached-passwords.js';

const HEX = 40;
/** Longer than a line can be: the hash, a colon, a count, CR and LF. */
const LONGEST_LINE = 64;
const LINE = /^[0-9A-F]{40}(:\d{1,15})?$/i;

/**
 * SHA-1 hashes in a file, one a line in ascending order, each with `:<count>` or without: what "Pwned Passwords" gives out, ordered by
 * hash. Read from the disk by binary search, some thirty small reads; nothing of it is kept in memory.
 */
export class BreachedPasswordFile extends BreachedPasswords implements OnApplicationShutdown {
  private file: Promise<FileHandle> | undefined;

  /** @throws ConfigurationError for a file that is not there, or not of that form */
  constructor(private readonly path: string) {
    super();
    const problem = problemWith(path);
    if (problem === null) return;
    const remedy = 'name a readable file of SHA-1 hashes in hexadecimal, one a line, in ascending order';
    throw new ConfigurationError([{ option: 'breachedPasswordsFile', problem, remedy }]);
  }

  async includes(password: string, signal: AbortSignal): Promise<boolean> {
    const wanted = createHash('sha1').update(password).digest('hex').toUpperCase();
    const file = await this.opened();
    let low = 0;
    let high = (await file.stat()).size;
    // `low` is the start of a line, and what is looked for begins before `high`.
    while (low < high) {
      signal.throwIfAborted();
      const middle = Math.floor((low + high) / 2);
      const line = await lineAround(file, middle, low);
      const found = line.text.slice(0, HEX).toUpperCase();
      if (found === wanted) return true;
      if (found < wanted) low = line.end;
      else high = line.start;
    }
    return false;
  }

  async onApplicationShutdown(): Promise<void> {
    await (await this.file?.catch(() => null))?.close();
  }

  private opened(): Promise<FileHandle> {
    this.file ??= open(this.path, 'r').catch((error) => {
      this.file = undefined;
      throw error;
    });
    return this.file;
  }
}

interface Line {
  readonly text: string;
  readonly start: number;
  /** The start of the next. */
  readonly end: number;
}

/** The line that a byte is of. @param least the start of a line at or before it */
async function lineAround(file: FileHandle, at: number, least: number): Promise<Line> {
  const from = Math.max(least, at - LONGEST_LINE);
  const buffer = Buffer.alloc(2 * LONGEST_LINE);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  const text = buffer.toString('latin1', 0, bytesRead);
  const before = at === from ? -1 : text.lastIndexOf('\n', at - from - 1);
  const start = before + 1;
  const after = text.indexOf('\n', at - from);
  const end = after < 0 ? bytesRead : after + 1;
  return { text: text.slice(start, end).trim(), start: from + start, end: from + end };
}

function problemWith(path: string): string | null {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const { size } = fstatSync(file);
    const head = lineAt(file, 0);
    const tail = lineAt(file, Math.max(0, size - LONGEST_LINE));
    const [first, last] = [head[0]!, tail.filter((line) => line !== '').at(-1) ?? ''];
    if (!LINE.test(first) || !LINE.test(last)) return 'does not contain SHA-1 hashes, one a line';
    return first.slice(0, HEX).toUpperCase() > last.slice(0, HEX).toUpperCase() ? 'is not in ascending order' : null;
  } catch (error) {
    return `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function lineAt(file: number, at: number): string[] {
  const buffer = Buffer.alloc(LONGEST_LINE);
  const read = readSync(file, buffer, 0, buffer.length, at);
  return buffer.toString('latin1', 0, read).split(/\r?\n/);
}
