import type { History, Outage, RequestRecord, RevocationRecord } from './history.js';

/** What must never happen, and did. */
export interface Violation {
  readonly rule:
    | 'accepted after its end was acknowledged'
    | 'showed a role from before an acknowledged change'
    | 'accepted a token from before an acknowledged change'
    | 'logged out without a revocation'
    | 'a token expired without a change'
    | 'unavailable while the store was there'
    | 'no answer from a healthy node'
    | 'cookies touched by a refusal to serve'
    | 'an answer that nobody expects';
  readonly request: RequestRecord;
  /** What had been acknowledged of the ticket or its user. */
  readonly after: readonly string[];
}

/** On a machine of its own: connections are being opened again. */
export const HEALING_MILLISECONDS = 5_000;

/**
 * Judges a history. Knows nothing of how the service works, only what it promises.
 *
 * @param healing milliseconds for which a store that is back may be felt
 */
export function violationsIn(
  history: Pick<History, 'requests' | 'revocations' | 'outages'>,
  healing = HEALING_MILLISECONDS,
): Violation[] {
  const promises = new Promises(history.revocations);
  return history.requests.flatMap((request) => {
    const rule = broken(request, promises, history.outages, healing);
    return rule ? [{ rule, request, after: promises.acknowledgedBefore(request) }] : [];
  });
}

function broken(
  request: RequestRecord,
  promises: Promises,
  outages: readonly Outage[],
  healing: number,
): Violation['rule'] | null {
  const { status, code } = request;
  if (status === 200) return brokenByAccepting(request, promises);
  if (status === 0) return isWithin(request, 'node', outages, 0) ? null : 'no answer from a healthy node';
  if (status === 503 && code === 'unavailable') {
    if (request.touchedCookies) return 'cookies touched by a refusal to serve';
    return isWithin(request, 'store', outages, healing) ? null : 'unavailable while the store was there';
  }
  if (status !== 401) return 'an answer that nobody expects';
  if (code === 'session_ended' || code === 'unauthenticated') {
    if (code === 'unauthenticated' && request.tokenRole !== null && isWithin(request, 'clock', outages, 0)) return null;
    return promises.mayHaveEnded(request) ? null : 'logged out without a revocation';
  }
  if (code !== 'token_expired' || request.tokenRole === null) return 'an answer that nobody expects';
  return promises.mayHaveChanged(request) ? null : 'a token expired without a change';
}

function brokenByAccepting(request: RequestRecord, promises: Promises): Violation['rule'] | null {
  if (promises.mustHaveEnded(request)) return 'accepted after its end was acknowledged';
  const least = promises.leastRole(request);
  if (request.role === null) return 'an answer that nobody expects';
  if (request.role < least) return 'showed a role from before an acknowledged change';
  if (request.tokenRole !== null && request.tokenRole < least)
    return 'accepted a token from before an acknowledged change';
  return null;
}

function isWithin(
  { node, startedAt, endedAt }: RequestRecord,
  what: Outage['what'],
  outages: readonly Outage[],
  patience: number,
): boolean {
  return outages.some(
    (outage) =>
      outage.what === what &&
      (outage.node === null || outage.node === node) &&
      endedAt >= outage.from &&
      startedAt <= outage.to + patience,
  );
}

/** What revocations demand of a request (acknowledged before it began), and what they excuse (begun before it ended). */
class Promises {
  private readonly ends = new Map<number, RevocationRecord[]>();
  private readonly changes = new Map<number, RevocationRecord[]>();

  constructor(revocations: readonly RevocationRecord[]) {
    for (const revocation of revocations) {
      if (revocation.kind === 'changed') add(this.changes, revocation.user, revocation);
      else for (const ticket of revocation.tickets) add(this.ends, ticket, revocation);
    }
  }

  mustHaveEnded({ ticket, startedAt }: RequestRecord): boolean {
    return this.endsOf(ticket).some((end) => isAcknowledgedBefore(end, startedAt));
  }

  mayHaveEnded({ ticket, endedAt }: RequestRecord): boolean {
    return this.endsOf(ticket).some((end) => end.startedAt <= endedAt);
  }

  mayHaveChanged({ user, tokenRole, endedAt }: RequestRecord): boolean {
    return this.changesOf(user).some((change) => change.startedAt <= endedAt && change.role! > tokenRole!);
  }

  acknowledgedBefore({ ticket, user, startedAt }: RequestRecord): string[] {
    return [...this.endsOf(ticket), ...this.changesOf(user)]
      .filter((revocation) => isAcknowledgedBefore(revocation, startedAt))
      .map(({ by }) => by);
  }

  leastRole({ user, startedAt }: RequestRecord): number {
    const told = this.changesOf(user).filter((change) => isAcknowledgedBefore(change, startedAt));
    return Math.max(0, ...told.map(({ role }) => role!));
  }

  private endsOf(ticket: number): readonly RevocationRecord[] {
    return this.ends.get(ticket) ?? [];
  }

  private changesOf(user: number): readonly RevocationRecord[] {
    return this.changes.get(user) ?? [];
  }
}

function isAcknowledgedBefore({ acknowledgedAt }: RevocationRecord, instant: number): boolean {
  return acknowledgedAt !== null && acknowledgedAt < instant;
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
