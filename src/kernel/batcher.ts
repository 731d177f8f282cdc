import { currentPlace, onBehalfOf, outsideRequest, type Placed } from './trace.js';

interface Waiting<Item, Result> extends Placed {
  readonly item: Item;
  resolve(result: Result | Promise<Result>): void;
  reject(error: unknown): void;
}

export interface BatcherOptions {
  /** Batches in flight at a time: with more than one, a slow batch delays no call as long as another is free. Default 1. */
  readonly concurrency?: number;
  /** Items of one batch. Default 500. */
  readonly maxBatchSize?: number;
}

/**
 * Turns many calls at once into few: an item that comes while a batch is in flight goes into the next, and one that comes alone is
 * loaded at once. A batch begins after all of its items were given, so what it reads is no older than any of their calls.
 *
 * @example
 * const ends = new Batcher(async (ids: readonly string[]) => endTogether(ids));
 * const won = await ends.load(id);
 */
export class Batcher<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = 0;
  private readonly concurrency: number;
  private readonly maxBatchSize: number;

  /**
   * @param loadAll given the items, answers the result of each, in their order. A result may be a promise: the batch is over
   *   without it. When it rejects, all of its items do.
   */
  constructor(
    private readonly loadAll: (items: readonly Item[]) => Promise<readonly (Result | Promise<Result>)[]>,
    { concurrency = 1, maxBatchSize = 500 }: BatcherOptions = {},
  ) {
    this.concurrency = concurrency;
    this.maxBatchSize = maxBatchSize;
  }

  load(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, place: currentPlace(), resolve, reject });
      if (this.running < this.concurrency) void outsideRequest(() => this.run());
    });
  }

  private async run(): Promise<void> {
    this.running += 1;
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, this.maxBatchSize);
      this.waiting = this.waiting.slice(this.maxBatchSize);
      try {
        const results = await onBehalfOf(batch, () => this.loadAll(batch.map(({ item }) => item)));
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
