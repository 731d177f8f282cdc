/** Counts, times and complaints, over all rounds of a row. */
export class Tally {
  private readonly counts = new Map<string, number>();
  private readonly times = new Map<string, number[]>();
  readonly violations: string[] = [];

  count(what: string, by = 1): void {
    this.counts.set(what, this.of(what) + by);
  }

  of(what: string): number {
    return this.counts.get(what) ?? 0;
  }

  /** The largest of those given. */
  peak(what: string, value: number): void {
    this.counts.set(what, Math.max(this.of(what), value));
  }

  time(what: string, milliseconds: number): void {
    const times = this.times.get(what) ?? [];
    if (times.push(milliseconds) === 1) this.times.set(what, times);
  }

  /** `-` when there is none. */
  quantile(what: string, share: number): string {
    const value = this.milliseconds(what, share);
    return Number.isNaN(value) ? '-' : `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
  }

  /** The same as a number. */
  milliseconds(what: string, share: number): number {
    const sorted = [...(this.times.get(what) ?? [])].sort((one, other) => one - other);
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  }

  /** A promise that was broken, unless `holds`. */
  expect(holds: boolean, complaint: string): void {
    if (!holds) this.violations.push(complaint);
  }
}
