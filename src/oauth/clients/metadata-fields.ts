import { calledUriProblem } from './redirect-uris.js';

/** Client metadata as it was given: by the names of RFC 7591, nothing about it checked. */
export type GivenMetadata = Readonly<Record<string, unknown>>;

/** The problem of one field, by its RFC 7591 name. */
export interface MetadataProblem {
  readonly field: string;
  /** Goes on after the name of the field: `must be …`. */
  readonly message: string;
}

/** The abilities of this service, which clients must fit. */
export interface MetadataBounds {
  readonly allowsRs256: boolean;
  readonly readsCertificates: boolean;
}

/** Tells what is wrong with one field. */
export type Tell = (field: string, message: string) => void;

const MOST_URIS = 50;

/** A list of addresses, as it is given; empty when it is absent or no list. */
export function uris(
  given: GivenMetadata,
  field: string,
  problemOf: (uri: string) => string | null,
  tell: Tell,
): string[] {
  const value = given[field] ?? [];
  if (!isTextList(value)) {
    tell(field, 'must be a list of texts');
    return [];
  }
  if (value.length > MOST_URIS) tell(field, `must have at most ${MOST_URIS} entries`);
  if (new Set(value).size < value.length) tell(field, 'must not contain an entry twice');
  const problem = value.map(problemOf).find((one) => one !== null);
  if (problem) tell(field, `must contain only valid URIs: each ${problem}`);
  return [...value];
}

/** An address that this service calls or shows, under its field. */
export function calledUri(field: string, value: unknown, tell: Tell): object {
  const problem = typeof value === 'string' ? calledUriProblem(value) : 'must be a text';
  if (problem) tell(field, problem);
  return { [field]: value };
}

/** As {@link calledUri}, and https. */
export function httpsUri(field: string, value: unknown, tell: Tell): object {
  if (typeof value !== 'string' || !value.startsWith('https://')) tell(field, 'must be an https URI');
  return calledUri(field, value, tell);
}

/** One of a closed list; the usual one when it is absent or none of them. */
export function chosen<T extends string>(
  given: GivenMetadata,
  field: string,
  of: readonly T[],
  usual: T,
  tell: Tell,
): T {
  const value = given[field] ?? usual;
  if (of.includes(value as T)) return value as T;
  tell(field, `must be one of: ${of.join(', ')}`);
  return usual;
}

/** Whether it can be kept and shown, on one line. */
export function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= most && /^[^\p{Cc}\p{Cs}]*$/u.test(value);
}

/** Whether it is a list of texts, whatever they are. */
export function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
