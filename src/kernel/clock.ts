/**
 * The current time. Every deadline in Coatcheck is compared with this clock, never with a database's `now()`, so that one
 * replaced clock moves the whole application.
 *
 * @example
 * AuthModule.forRoot({ ..., providers: [{ provide: Clock, useValue: new FakeClock() }] })
 */
export abstract class Clock {
  abstract now(): Date;

  /** {@link now} in milliseconds since 1970. What every request asks needs no object for it. */
  milliseconds(): number {
    return this.now().getTime();
  }

  /** The instant `seconds` from now. */
  in(seconds: number): Date {
    return new Date(this.now().getTime() + seconds * 1000);
  }
}

/** The machine's clock, shifted by a fixed offset in seconds (a test seam; refused in production). */
export class SystemClock extends Clock {
  constructor(private readonly offsetSeconds = 0) {
    super();
  }

  now(): Date {
    return new Date(Date.now() + this.offsetSeconds * 1000);
  }

  override milliseconds(): number {
    // A clock of the host's that is this one with another `now` must not tell two times.
    if (this.now !== SystemClock.prototype.now) return super.milliseconds();
    return Date.now() + this.offsetSeconds * 1000;
  }
}
