import type { ImportedUser } from '../factors/password/import/user-import.service.js';

/** What is not taken along, counted in the report: `second_factor_left_out`, `provider_login_left_out`, `phone_only`, … */
export type MovingNote = string;

/** One record of an export, read. */
export type ReadRecord = ReadUser | RefusedRecord;

/** A record that is a user. */
export interface ReadUser {
  /** Its line, or its position in the list, from 1. */
  readonly at: number;
  /** Id in the other system, as text; null: the export has none. `user.id` is derived from it by the caller, see `userIdOf`. */
  readonly foreignId: string | null;
  /**
   * Without `id`. `roles` are those of the other system by its own names: only those that `--roles` maps are taken along.
   */
  readonly user: ImportedUser;
  readonly notes?: readonly MovingNote[];
}

/** A record that cannot be taken along. */
export interface RefusedRecord {
  readonly at: number;
  readonly foreignId: string | null;
  /** What is wrong with it: a reason code in snake_case, never a value of it. */
  readonly refused: string;
}

/** What a reader is given beside the file. */
export interface ReadSettings {
  /** Other files of the export, by the names that the reader declares under `companions`; each can be read once. */
  readonly companions: Readonly<Record<string, AsyncIterable<Uint8Array>>>;
  /** What the system tells apart from its export, by the names that the reader declares under `parameters`. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads the exports of one other system. */
export interface ExportReader {
  /** `auth0` */
  readonly system: string;
  /** Other files that may be given (`--with name=FILE`): name → what it is. */
  readonly companions?: Readonly<Record<string, string>>;
  /** What may be given besides (in a file, `--settings FILE`: secrets are never arguments): name → what it is. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Roles that users have there by default. `--roles` may map them; where it does not, no note says that they are left out. */
  readonly defaultRoles?: readonly string[];

  /**
   * Reads as it goes: files may have millions of records.
   *
   * @throws UnreadableExport for a file that is not this system's export at all, or that ends too early
   */
  read(input: AsyncIterable<Uint8Array>, settings: ReadSettings): AsyncIterable<ReadRecord>;
}
