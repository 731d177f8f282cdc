const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Soon at first, as most outages are short; 23 hours in all. Links in mails live no longer. */
const PAUSES_SECONDS = [2, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR];

/** Seconds to wait after the try number `attempt` has failed; null: give up. */
export function pauseAfter(attempt: number): number | null {
  return PAUSES_SECONDS[attempt - 1] ?? null;
}
