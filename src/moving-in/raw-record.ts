/** A record of a file as its format has it; nothing about its members is checked. */
export type RawRecord = RawRow | UnreadableRow;

export interface RawRow {
  /** Its line, or its position in the list, from 1. */
  readonly at: number;
  /** By the names of the file's own; of CSV every value is a text, and an absent one the empty text. */
  readonly row: Readonly<Record<string, unknown>>;
  /** Name of the list that it stands in, where the file has several; null where the file is a list itself. */
  readonly list: string | null;
}

/** What is no record. */
export interface UnreadableRow {
  readonly at: number;
  /** `not_json`, `not_an_object`, … */
  readonly refused: string;
}
