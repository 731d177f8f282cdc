import { now } from '../host.js';

/** A moment, on two clocks. The device's own one may be wrong and may be set; it only tells that the other one stood still. */
export type Moment = readonly [steady: number, wall: number];

export const moment = (): Moment => [now(), Date.now()];

/** Milliseconds since then by the steady clock; for ever, if the machine has slept meanwhile (or its clock was put forward). */
export function since([steady, wall]: Moment): number {
  const elapsed = now() - steady;
  return Date.now() - wall - elapsed > 5000 ? 1e12 : elapsed;
}
