/**
 * How much time has passed on this machine: only ever forward, whatever happens to the time of day. Leases are measured by
 * it, and by nothing else.
 */
export abstract class SteadyClock {
  /** Milliseconds since some instant of this process's own. */
  abstract milliseconds(): number;
}

/** The time of day moves in whole milliseconds and is slewed; only more than this is a jump. */
const JUMP_MILLISECONDS = 50;

/**
 * The machine's monotonic clock, and what the time of day has jumped ahead of it. The monotonic clock stands still while a
 * machine is suspended or migrated, and the leases at the store do not: whichever says that more time has passed is believed.
 * Too much costs a look-up, too little would serve a revoked ticket.
 */
export class MachineSteadyClock extends SteadyClock {
  private readonly monotonicStart: number;
  private readonly wallStart: number;
  private lead = 0;
  private jumped = 0;

  constructor(
    private readonly monotonic: () => number = () => performance.now(),
    private readonly wall: () => number = Date.now,
  ) {
    super();
    this.monotonicStart = monotonic();
    this.wallStart = wall();
  }

  milliseconds(): number {
    const passed = this.monotonic() - this.monotonicStart;
    const lead = this.wall() - this.wallStart - passed;
    if (lead - this.lead > JUMP_MILLISECONDS) {
      this.jumped += lead - this.lead;
      this.lead = lead;
    }
    // Set back: a later jump is measured from here.
    if (this.lead - lead > JUMP_MILLISECONDS) this.lead = lead;
    return passed + this.jumped;
  }
}
