import { outsideDeadline } from '../../kernel/deadline.js';

/** Between two readings, whoever asks: strangers can make a node ask. */
const PAUSE_MILLISECONDS = 20;

/** Reads again and again, but never twice at a time: all who ask while one is under way share the next. */
export class SingleFlight {
  private underWay: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(private readonly read: () => Promise<void>) {}

  /** Resolves after a reading that began after this call. @throws what it throws */
  run(): Promise<void> {
    this.next ??= outsideDeadline(() => this.afterUnderWay());
    return this.next;
  }

  private async afterUnderWay(): Promise<void> {
    await this.underWay.catch(() => undefined);
    this.next = undefined;
    const reading = this.read();
    const pause = new Promise<void>((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS).unref());
    this.underWay = reading.then(() => pause);
    this.underWay.catch(() => undefined);
    return reading;
  }
}
