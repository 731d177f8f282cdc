/**
 * How much time has passed on this machine: only ever forward, whatever happens to the time of day. Leases are measured by
 * it, and by nothing else.
 */
export abstract class SteadyClock {
  /** Milliseconds since some instant of this process's own. */
  abstract milliseconds(): number;
}

/** The machine's. */
export class MachineSteadyClock extends SteadyClock {
  private lastMonotonic = performance.now();
  private lastWall = Date.now();
  private passed = 0;

  milliseconds(): number {
    const monotonic = performance.now();
    const wall = Date.now();
    // The monotonic clock stands still while a machine is suspended or migrated, and the leases at the store do not: whichever
    // clock says that more time has passed is believed. Too much costs a look-up, too little would serve a revoked ticket.
    this.passed += Math.max(monotonic - this.lastMonotonic, wall - this.lastWall);
    this.lastMonotonic = monotonic;
    this.lastWall = wall;
    return this.passed;
  }
}
