import { SteadyClock } from '../../src/revocation/steady-clock.js';

/** Time on this machine passes when the test says so. */
export class SteadyClockByHand extends SteadyClock {
  private now = 0;

  milliseconds(): number {
    return this.now;
  }

  pass(seconds: number): void {
    this.now += seconds * 1000;
  }
}
