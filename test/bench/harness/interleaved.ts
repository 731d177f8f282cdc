import type { Bench, BenchApp, Load, LoadPlan } from '../row.js';
import { median } from './median.js';

/** Something that is loaded once a round. */
export interface Contestant {
  readonly name: string;
  readonly app: BenchApp;
  readonly plan: LoadPlan;
}

/** What each round brought, by the contestant's name. */
export class Rounds {
  constructor(private readonly loads: ReadonlyMap<string, readonly Load[]>) {}

  has(name: string): boolean {
    return this.loads.has(name);
  }

  medianOf(name: string, of: Exclude<keyof Load, 'latencies'>): number {
    return median(this.get(name).map((load) => load[of]));
  }

  /** Of the rates, taken round by round. */
  ratio(name: string, ofName: string): number {
    const others = this.get(ofName);
    return median(this.get(name).map(({ perSecond }, round) => perSecond / others[round]!.perSecond));
  }

  /** How many times less of the server's processor it takes, round by round. */
  cpuRatio(name: string, ofName: string): number {
    const others = this.get(ofName);
    return median(
      this.get(name).map(({ cpuMicrosPerRequest }, round) => others[round]!.cpuMicrosPerRequest / cpuMicrosPerRequest),
    );
  }

  private get(name: string): readonly Load[] {
    return this.loads.get(name)!;
  }
}

/** Every contestant once, then every one again: whatever else the machine does meets all of them alike. */
export async function interleaved(bench: Bench, contestants: readonly Contestant[]): Promise<Rounds> {
  const loads = new Map<string, Load[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < bench.rounds; round++) {
    for (const { name, app, plan } of contestants) {
      const load = await bench.load(app, plan);
      loads.get(name)!.push(load);
      const { perSecond, cpuMicrosPerRequest, serverBusy } = load;
      const rate = `${Math.round(perSecond)}/s, ${cpuMicrosPerRequest.toFixed(1)} µs, busy ${serverBusy.toFixed(2)}`;
      bench.say(`  round ${round + 1}  ${name}: ${rate}`);
    }
  }
  return new Rounds(loads);
}
