/** Of that time: of three positions that lie closer together the middle one is not remembered. */
const SHARE_APART = 0.1;

/** Where this node was in the feed, as long ago as a follower may lag: one that has not come as far as that by now is to wait no longer for. */
export class Positions {
  /** By time, on this process's own clock. */
  private known: { readonly at: number; readonly seq: number }[] = [];

  /** @param lagMilliseconds as long a time as it remembers */
  constructor(private readonly lagMilliseconds: number) {}

  note(seq: number, now: number): void {
    // Of another feed: the store was emptied.
    if (seq < (this.known.at(-1)?.seq ?? 0)) this.clear();
    // The newest is always there: it may be the last for a long time, and who never applies it must not be waited for.
    const before = this.known.at(-2);
    if (before && now - before.at < this.lagMilliseconds * SHARE_APART) this.known.pop();
    this.known.push({ at: now, seq });
    // The newest of the old ones is the one that is asked for.
    while (this.known.length > 1 && this.known[1]!.at <= now - this.lagMilliseconds) this.known.shift();
  }

  /** What every follower is to have applied by now, as it certainly was in the feed so long ago; 0 when this node has not known it for so long. */
  dueAt(now: number): number {
    const then = now - this.lagMilliseconds;
    return this.known.findLast(({ at }) => at <= then)?.seq ?? 0;
  }

  /** The feed may begin anew. */
  clear(): void {
    this.known = [];
  }
}
