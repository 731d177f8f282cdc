import { outsideDeadline } from './deadline.js';

interface Boarded<Rider, Result> {
  readonly rider: Rider;
  resolve(result: Result | Promise<Result>): void;
  reject(error: unknown): void;
}

/** What a convoy is. */
export interface ConvoyLimits {
  /** Trips under way at a time: with more than one, nobody waits for a slow one as long as another is free. Default 1. */
  readonly lanes?: number;
  /** Riders of one trip. Default 500. */
  readonly seats?: number;
}

/**
 * Many calls at once as few: whoever comes while a trip is under way rides on the next. Who comes alone leaves at once. A trip
 * begins after all of its riders have boarded, so what it reads is no older than any of their calls.
 *
 * @example
 * const ends = new Convoy(async (ids: readonly string[]) => endTogether(ids));
 * const won = await ends.ride(id);
 */
export class Convoy<Rider, Result> {
  private boarded: Boarded<Rider, Result>[] = [];
  private underWay = 0;
  private readonly lanes: number;
  private readonly seats: number;

  /**
   * @param travel given the riders, answers the result of each, in their order. A result may be a promise: the trip is over
   *   without it. When it rejects, all of its riders do.
   */
  constructor(
    private readonly travel: (riders: readonly Rider[]) => Promise<readonly (Result | Promise<Result>)[]>,
    { lanes = 1, seats = 500 }: ConvoyLimits = {},
  ) {
    this.lanes = lanes;
    this.seats = seats;
  }

  ride(rider: Rider): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.boarded.push({ rider, resolve, reject });
      if (this.underWay < this.lanes) void outsideDeadline(() => this.depart());
    });
  }

  private async depart(): Promise<void> {
    this.underWay += 1;
    while (this.boarded.length > 0) {
      const riders = this.boarded.slice(0, this.seats);
      this.boarded = this.boarded.slice(this.seats);
      try {
        const results = await this.travel(riders.map(({ rider }) => rider));
        riders.forEach(({ resolve }, i) => {
          resolve(results[i] as Result | Promise<Result>);
        });
      } catch (error) {
        for (const { reject } of riders) reject(error);
      }
    }
    this.underWay -= 1;
  }
}
