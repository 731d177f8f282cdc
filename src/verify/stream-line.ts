import type { LeaseLine as WireLeaseLine } from '../followers/wire.js';
import type { Announcement, Revocation, Subject } from '../revocation/revocation-feed.js';

/** The first line of a stream. */
export type LeaseLine = Omit<WireLeaseLine, 'unsettled'> & { readonly unsettled: readonly Announcement[] };

export type StreamLine =
  | LeaseLine
  | (Revocation & { readonly type: 'revoked' })
  | { readonly type: 'beat'; readonly head: number }
  | { readonly type: 'keys' }
  | { readonly type: 'end'; readonly code: string };

/** The only one there is. */
const VERSION = 1;
const SUBJECT = /^(?:session|user|key|grant|client|all):./;

/**
 * Null for a line of an unknown type, which the reader must ignore.
 *
 * @throws TypeError for a line that cannot be read or is of another version: a reader that went on might have missed a revocation
 */
export function streamLineIn(text: string): StreamLine | null {
  const line = JSON.parse(text) as Record<string, unknown> | null;
  if (typeof line !== 'object' || line === null) throw unreadable();
  switch (line.type) {
    case 'lease':
      return leaseIn(line);
    case 'revoked':
      if (!isCount(line.seq)) throw unreadable();
      return { type: 'revoked', seq: line.seq, ...announcementIn(line) };
    case 'beat':
      if (!isCount(line.head)) throw unreadable();
      return { type: 'beat', head: line.head };
    case 'keys':
      return { type: 'keys' };
    case 'end':
      return { type: 'end', code: String(line.code).slice(0, 40) };
    default:
      if (typeof line.type !== 'string') throw unreadable();
      return null;
  }
}

function leaseIn(line: Record<string, unknown>): LeaseLine {
  const { version, id, follows, mode, leaseSeconds, head, unsettled, issuer, audience, jwksUri } = line;
  if (version !== VERSION) throw new TypeError('the service speaks another version of the protocol');
  if (!(id === null || (typeof id === 'string' && id !== '')) || follows !== (id !== null)) throw unreadable();
  if (typeof leaseSeconds !== 'number' || !(leaseSeconds > 0) || !isCount(head)) throw unreadable();
  if (mode !== 'acknowledged' && mode !== 'bounded') throw unreadable();
  if (typeof issuer !== 'string' || typeof audience !== 'string' || !Array.isArray(unsettled)) throw unreadable();
  if (!(jwksUri === null || typeof jwksUri === 'string')) throw unreadable();
  const open = unsettled.map((one: Record<string, unknown>) => ({ ...announcementIn(one), unsettled: true as const }));
  return {
    type: 'lease',
    version,
    id: id as string | null,
    follows,
    mode,
    leaseSeconds,
    head,
    unsettled: open,
    issuer,
    audience,
    jwksUri,
  };
}

function announcementIn({ subject, kind, unsettled, settles }: Record<string, unknown>): Announcement {
  if (typeof subject !== 'string' || !SUBJECT.test(subject)) throw unreadable();
  if (kind !== 'ended' && kind !== 'changed') throw unreadable();
  return {
    subject: subject as Subject,
    kind,
    ...(unsettled === true && { unsettled }),
    ...(settles === true && { settles }),
  };
}

/** 0, 1, 2, … */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function unreadable(): TypeError {
  return new TypeError('the service sent a line that cannot be read');
}
