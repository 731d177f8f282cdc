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
/** After every hash. */
const END = 'G';
/** Lines that are compared at the start. All of them would be a reading of 40 GB. */
const SAMPLES = 256;

/** Thrown by a search that meets a line where it cannot be. The log shows its name. */
class BreachedPasswordsNotInOrder extends Error {
  override readonly name = 'BreachedPasswordsNotInOrder';
}

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
    const size = high;
    let [below, above] = ['', END];
    // `low` is the start of a line, and what is looked for begins before `high`.
    while (low < high) {
      signal.throwIfAborted();
      const middle = Math.floor((low + high) / 2);
      const line = await lineAround(file, middle, low);
      const found = hashOf(line.text);
      if (found === wanted) return true;
      const isBlankEnd = line.text === '' && line.start > size - LONGEST_LINE;
      // Otherwise a password would count as unknown that was only looked for in the wrong place.
      if (!isBlankEnd && (!LINE.test(line.text) || found < below || found > above))
        throw new BreachedPasswordsNotInOrder();
      if (found < wanted && !isBlankEnd) [low, below] = [line.end, found];
      else [high, above] = [line.start, isBlankEnd ? above : found];
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
    const head = linesAt(file, 0)[0]!;
    const tail = linesAt(file, Math.max(0, size - LONGEST_LINE)).filter((line) => line !== '');
    const between = Array.from({ length: SAMPLES }, (_, i) => linesAt(file!, Math.floor((size * i) / SAMPLES)));
    // The first of each is part of a line, and so may the last be.
    const hashes = [head, ...between.flatMap((lines) => lines.slice(1, -1).slice(0, 1)), tail.at(-1) ?? ''];
    if (hashes.some((line) => !LINE.test(line))) return 'does not contain SHA-1 hashes, one a line';
    const isAscending = hashes.map(hashOf).every((hash, i, all) => i === 0 || all[i - 1]! <= hash);
    return isAscending ? null : 'is not in ascending order';
  } catch (error) {
    return `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const hashOf = (line: string) => line.slice(0, HEX).toUpperCase();

/** Up to three, the first and the last of them in parts. */
function linesAt(file: number, at: number): string[] {
  const buffer = Buffer.alloc(2 * LONGEST_LINE);
  const read = readSync(file, buffer, 0, buffer.length, at);
  return buffer.toString('latin1', 0, read).split(/\r?\n/);
}
