import type { DataSource } from 'typeorm';

/** As far as this each from the database's clock, no two nodes are further apart than what compares their instants forgives (ten seconds). */
export const FORGIVEN_SECONDS = 5;

/**
 * By how many seconds this machine's clock differs from the database's, as far as the time that asking takes lets it be known: never more than
 * it is.
 *
 * @param now this machine's, in milliseconds
 */
export async function clockDifference(dataSource: DataSource, now: () => number = Date.now): Promise<number> {
  const before = now();
  const [{ ms }] = await dataSource.query('SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms');
  const after = now();
  return Math.max(0, before - ms, ms - after) / 1000;
}

/** The consequence of the difference for two nodes, and its remedy; null when the clocks are close enough. */
export async function clockFinding(dataSource: DataSource, mostSeconds: number) {
  const seconds = Math.round(await clockDifference(dataSource));
  if (seconds <= mostSeconds) return null;
  return {
    problem: `its clock differs from the clock of this machine by ${seconds} s`,
    remedy: 'synchronize both clocks, e.g. by NTP',
  };
}
