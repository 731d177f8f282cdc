import { outsideRequest } from './trace.js';

export interface WriteBehindOptions<Key, Value> {
  /** Writes some of them. Those of a batch that it rejects are tried again later. */
  readonly write: (batch: ReadonlyMap<Key, Value>) => Promise<unknown>;
  /** Told of every batch that could not be written. */
  readonly onFailure: (error: Error) => void;
  /** How long a value waits for others to be written with it. */
  readonly delayMilliseconds: number;
  /** Merges two values of a key, the earlier of which is not written yet. Default: the later. */
  readonly merge?: (earlier: Value, later: Value) => Value;
  /** Keys of one batch. Default 1,000. */
  readonly maxBatchSize?: number;
  /** Keys that wait at most, while nothing can be written; new ones beyond are lost. Default 100,000. */
  readonly capacity?: number;
}

/** Values that are written together, a moment later: one of each key, the latest. */
export class WriteBehind<Key, Value> {
  private waiting = new Map<Key, Value>();
  /** Of {@link waiting} before: what is being written. */
  private writing = new Map<Key, Value>();
  private timer: NodeJS.Timeout | undefined;
  private last: Promise<void> = Promise.resolve();
  private isEnded = false;

  constructor(private readonly options: WriteBehindOptions<Key, Value>) {}

  set(key: Key, value: Value): void {
    const { capacity = 100_000, merge } = this.options;
    const earlier = this.waiting.get(key);
    if (this.waiting.size + this.writing.size >= capacity && earlier === undefined) return;
    this.waiting.set(key, earlier === undefined || !merge ? value : merge(earlier, value));
    this.plan();
  }

  /** The value that waits: it may be changed in its place. Undefined: none does, or it is being written already. */
  pending(key: Key): Value | undefined {
    return this.waiting.get(key);
  }

  /** The latest value, unless it is written. */
  unwritten(key: Key): Value | undefined {
    if (this.waiting.size === 0 && this.writing.size === 0) return undefined;
    return this.waiting.get(key) ?? this.writing.get(key);
  }

  /** Writes all that wait. Never rejects: what could not be written waits for the next time. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.last = this.last.then(() => this.writeAll());
    return this.last;
  }

  /** Writes all that wait, before the store is closed. From then on what cannot be written is given up: the store may be gone for good. */
  end(): Promise<void> {
    this.isEnded = true;
    return this.flush();
  }

  private plan(): void {
    this.timer ??= outsideRequest(() => setTimeout(() => void this.flush(), this.options.delayMilliseconds).unref());
  }

  private async writeAll(): Promise<void> {
    const { write, onFailure, maxBatchSize = 1_000 } = this.options;
    this.writing = this.waiting;
    this.waiting = new Map();
    const entries = [...this.writing];
    for (let start = 0; start < entries.length; start += maxBatchSize) {
      const batch = new Map(entries.slice(start, start + maxBatchSize));
      try {
        await write(batch);
      } catch (error) {
        onFailure(error as Error);
        if (this.isEnded) this.writing = new Map();
        else this.putBack();
        return;
      }
      for (const key of batch.keys()) this.writing.delete(key);
    }
  }

  private putBack(): void {
    const { merge = (_earlier: Value, later: Value) => later } = this.options;
    for (const [key, later] of this.waiting) {
      const earlier = this.writing.get(key);
      this.writing.set(key, earlier === undefined ? later : merge(earlier, later));
    }
    this.waiting = this.writing;
    this.writing = new Map();
    if (this.waiting.size > 0) this.plan();
  }
}
