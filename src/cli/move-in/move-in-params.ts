import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ExportReader, ReadSettings } from '../../moving-in/export-reader.js';
import { exportReaders } from '../../moving-in/readers.js';
import { CommandFailure } from '../command-failure.js';

/** What `import --from` was asked for, as typed. */
export interface MoveInOptions {
  readonly from: string;
  readonly dryRun?: boolean;
  readonly report?: string;
  readonly ids?: string;
  readonly with: readonly string[];
  readonly settings?: string;
  readonly roles: readonly string[];
  readonly namespace?: string;
  readonly withoutUnknownHashes?: boolean;
}

/** @throws CommandFailure for a system that there is no reader of */
export function readerOf(system: string): ExportReader {
  const reader = exportReaders.find((one) => one.system === system);
  if (reader) return reader;
  const known = exportReaders.map((one) => one.system).join(', ');
  throw new CommandFailure('Users cannot be imported from that system.', `use one of: ${known}`);
}

/** @throws CommandFailure where a file would be written that is one to be read, or is written already: what is in it would be lost */
export async function assertApart(file: string | undefined, options: MoveInOptions): Promise<void> {
  const read = [file, options.settings, ...options.with.map((text) => text.slice(text.indexOf('=') + 1))];
  const taken = new Set(await Promise.all(read.map((name) => name && placeOf(name))));
  for (const name of [options.report, options.ids]) {
    if (name === undefined) continue;
    const place = await placeOf(name);
    if (taken.has(place)) throw new CommandFailure(`${name} is given twice.`, 'name another file to be written');
    taken.add(place);
  }
}

/** The same for all names of one file. */
async function placeOf(name: string): Promise<string> {
  const found = await stat(name).catch(() => null);
  return found?.isFile() ? `${found.dev}:${found.ino}` : resolve(name);
}

/** What the reader is given besides the file. @throws CommandFailure for what it does not take, and for files that cannot be read */
export async function settingsFor(reader: ExportReader, options: MoveInOptions): Promise<ReadSettings> {
  const companions: Record<string, AsyncIterable<Uint8Array>> = {};
  for (const { name, value } of pairs(options.with, '--with', reader.companions ?? {})) {
    await assertReadable(value);
    companions[name] = createReadStream(value);
  }
  return { companions, parameters: await parametersFrom(options.settings, reader.parameters ?? {}) };
}

/** `--roles theirs=ours`, as often as there are roles to take along. @throws CommandFailure */
export function rolesFrom(texts: readonly string[]): ReadonlyMap<string, string> {
  return new Map(pairs(texts, '--roles').map(({ name, value }) => [name, value]));
}

/** @throws CommandFailure for a file that is not there, or is none */
export async function assertReadable(file: string): Promise<number> {
  const failure = (problem: string) => new CommandFailure(`${file} ${problem}.`, 'check the name of the file');
  const handle = await open(file).catch(() => {
    throw failure('cannot be read');
  });
  try {
    const { size, ...stats } = await handle
      .stat()
      .then((found) => ({ size: found.size, isFolder: found.isDirectory() }));
    if (stats.isFolder) throw failure('is a folder');
    return size;
  } finally {
    await handle.close();
  }
}

function pairs(texts: readonly string[], option: string, allowed?: Readonly<Record<string, string>>) {
  return texts.map((text) => {
    const at = text.indexOf('=');
    const [name, value] = [text.slice(0, at), text.slice(at + 1)];
    if (at < 1 || value === '') throw new CommandFailure(`${option} must be of the form name=value.`, 'correct it');
    if (allowed && !Object.hasOwn(allowed, name)) throw notTaken(`${option} ${name}`, allowed);
    return { name, value };
  });
}

/** A JSON object, or lines `name: value`, as consoles show them. Such a file has secrets: no word of it is ever told. */
async function parametersFrom(file: string | undefined, allowed: Readonly<Record<string, string>>) {
  if (file === undefined) return {};
  await assertReadable(file);
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  const values =
    jsonObject(text) ??
    Object.fromEntries(
      [...text.matchAll(/^\s*"?(\w+)"?\s*[:=]\s*"?(.*?)"?\s*[,;]?\s*$/gm)].map(([, name, value]) => [name!, value!]),
    );
  const entries = Object.entries(values).filter(([, value]) => typeof value === 'string' || typeof value === 'number');
  const isKnown = entries.length > 0 && entries.every(([name]) => Object.hasOwn(allowed, name));
  // A secret alone may look like a name.
  if (!isKnown) throw notTaken('such --settings', allowed);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function notTaken(what: string, allowed: Readonly<Record<string, string>>): CommandFailure {
  const list = Object.entries(allowed).map(([name, about]) => `${name} (${about})`);
  const remedy = list.length === 0 ? 'leave it out' : `use: ${list.join(', ')}`;
  return new CommandFailure(`This system takes no ${what}.`, remedy);
}
