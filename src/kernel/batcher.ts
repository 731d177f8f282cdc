import { outsideDeadline } from './deadline.js';

interface Queued<Item, Result> {
  readonly item: Item;
  resolve(result: Result | Promise<Result>): void;
  reject(error: unknown): void;
}

/** What a batcher is. */
export interface BatcherLimits {
  /** Trips under way at a time: with more than one, nobody waits for a slow one as long as another is free. Default 1. */
  readonly concurrency?: number;
  /** Riders of one trip. Default 500. */
  readonly maxBatchSize?: number;
}

/**
 * Many calls at once as few: whoever comes while a trip is under way rides on the next. Who comes alone leaves at once. A trip
 * begins after all of its riders have boarded, so what it reads is no older than any of their calls.
 *
 * @example
 * const ends = new Batcher(async (ids: readonly string[]) => endTogether(ids));
 * const won = await ends.ride(id);
 */
export class Batcher<Item, Result> {
  private queued: Queued<Item, Result>[] = [];
  private running = 0;
  private readonly concurrency: number;
  private readonly maxBatchSize: number;

  /**
   * @param loadBatch given the riders, answers the result of each, in their order. A result may be a promise: the trip is over
   *   without it. When it rejects, all of its riders do.
   */
  constructor(
    private readonly loadBatch: (batch: readonly Item[]) => Promise<readonly (Result | Promise<Result>)[]>,
    { concurrency = 1, maxBatchSize = 500 }: BatcherLimits = {},
  ) {
    this.concurrency = concurrency;
    this.maxBatchSize = maxBatchSize;
  }

  load(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.queued.push({ item, resolve, reject });
      if (this.running < this.concurrency) void outsideDeadline(() => this.loadAll());
    });
  }

  private async loadAll(): Promise<void> {
    this.running += 1;
    while (this.queued.length > 0) {
      const batch = this.queued.slice(0, this.maxBatchSize);
      this.queued = this.queued.slice(this.maxBatchSize);
      try {
        const results = await this.loadBatch(batch.map(({ item }) => item));
        batch.forEach(({ resolve }, i) => {
          resolve(results[i] as Result | Promise<Result>);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.running -= 1;
  }
}
