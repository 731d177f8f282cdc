import { type FileHandle, open } from 'node:fs/promises';
import type { MovingNote } from '../../moving-in/export-reader.js';
import { CommandFailure } from '../command-failure.js';
import { BROUGHT_NOTHING, type Brought, broughtText, sumOf } from './brought.js';

/** What became of a record. */
export interface RecordOutcome {
  readonly at: number;
  readonly foreignId: string | null;
  /** Null: it is no user here. */
  readonly id: string | null;
  readonly outcome: 'imported' | 'would_import' | 'already_here' | 'refused';
  /** Why it was refused. */
  readonly reason?: string;
  readonly notes?: readonly MovingNote[];
  /** Of one who is new. Part of the sum only. */
  readonly brought?: Brought;
}

/** A user who is here already, not banned, and banned in the export: since an earlier run perhaps. No user who is here is changed. */
export const BANNED_THERE_ONLY: MovingNote = 'banned_there_only';

/** Of each reason so many places are told at the end; all of them are in the file. */
const FIRST_PLACES = 5;
const SECRET_TO_OTHERS = 0o600;

/**
 * Counts what becomes of the records, and writes it as it goes: at no time more than a batch is in memory. Neither hash nor second factor
 * of a user is ever part of it, nor the address, unless the other system has no other id.
 */
export class MoveInReport {
  private readonly counts = { imported: 0, would_import: 0, already_here: 0, refused: 0 };
  private readonly reasons = new Map<string, { count: number; places: number[] }>();
  private readonly notes = new Map<MovingNote, number>();
  private brought = BROUGHT_NOTHING;

  private constructor(
    private readonly report: FileHandle | null,
    private readonly ids: FileHandle | null,
  ) {}

  /** @throws CommandFailure for a file that cannot be written */
  static async open(report: string | undefined, ids: string | undefined): Promise<MoveInReport> {
    const made = new MoveInReport(await openFile(report), await openFile(ids));
    await made.ids?.appendFile('old id,new id\n');
    return made;
  }

  get read(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count);
  }

  get isAllHere(): boolean {
    return this.counts.refused === 0;
  }

  async add(outcomes: readonly RecordOutcome[]): Promise<void> {
    for (const one of outcomes) this.count(one);
    const told = outcomes.filter(({ outcome, notes }) => outcome === 'refused' || notes?.length);
    await this.report?.appendFile(told.map(({ brought: _, ...one }) => `${JSON.stringify(one)}\n`).join(''));
    const known = outcomes.filter(({ id, foreignId }) => id !== null && foreignId !== null);
    await this.ids?.appendFile(known.map(({ id, foreignId }) => `${csvValue(foreignId!)},${id}\n`).join(''));
  }

  private count({ at, outcome, reason = 'unknown', notes = [], brought }: RecordOutcome): void {
    this.counts[outcome] += 1;
    if (brought) this.brought = sumOf(this.brought, brought);
    if (outcome === 'refused') {
      const known = this.reasons.get(reason) ?? { count: 0, places: [] };
      const places = known.places.length < FIRST_PLACES ? [...known.places, at] : known.places;
      this.reasons.set(reason, { count: known.count + 1, places });
    }
    const isNew = outcome === 'imported' || outcome === 'would_import';
    for (const note of notes)
      if (isNew || note === BANNED_THERE_ONLY) this.notes.set(note, (this.notes.get(note) ?? 0) + 1);
  }

  /** The last line of the file, and the text for a person. Closes the files. @param end how it ended: `complete`, `interrupted` or `failed` */
  async close(end: string, isDryRun: boolean): Promise<string> {
    const { imported, would_import, ...counts } = this.counts;
    const summary = {
      end,
      dryRun: isDryRun,
      ...(isDryRun ? { would_import } : { imported }),
      ...counts,
      brought: this.brought,
      reasons: ordered(this.reasons),
      notes: ordered(this.notes),
    };
    await this.report?.appendFile(`${JSON.stringify({ summary })}\n`);
    await this.report?.close();
    await this.ids?.close();
    return this.text(isDryRun);
  }

  private text(isDryRun: boolean): string {
    const { imported, would_import: importable, already_here: here, refused } = this.counts;
    const lines = [
      `${isDryRun ? `${importable} can be imported` : `${imported} imported`}, ${here} already here, ${refused} refused`,
    ];
    for (const [reason, { count, places }] of this.reasons)
      lines.push(`  refused: ${reason}: ${count} (at ${places.join(', ')}${count > places.length ? ', …' : ''})`);
    for (const [note, count] of this.notes) lines.push(`  note: ${note}: ${count}`);
    if (imported + importable > 0) lines.push(broughtText(this.brought));
    if (isDryRun) lines.push('Nothing was written.');
    return `${lines.join('\n')}\n`;
  }
}

function ordered<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...map].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function csvValue(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function openFile(name: string | undefined): Promise<FileHandle | null> {
  if (name === undefined) return null;
  return open(name, 'w', SECRET_TO_OTHERS).catch(() => {
    throw new CommandFailure(`${name} cannot be written.`, 'name a file in a folder that exists');
  });
}
