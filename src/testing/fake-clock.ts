import { Clock } from '../kernel/clock.js';

/** A clock that stands still until it is moved. Provide it for `Clock` and every deadline of the application obeys it. */
export class FakeClock extends Clock {
  private current: number;

  constructor(start: Date = new Date()) {
    super();
    this.current = start.getTime();
  }

  now(): Date {
    return new Date(this.current);
  }

  /** Moves time on; a negative number moves it back. */
  advance(seconds: number): void {
    this.current += seconds * 1000;
  }
}
