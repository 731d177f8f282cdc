import { now } from '../host.js';

/** A moment, on two clocks. The device's own one may be wrong and may be set; it only tells that the other one stood still. */
export type Moment = readonly [steady: number, wall: number];

export const moment = (): Moment => [now(), Date.now()];

/** Milliseconds since then by the steady clock; by the device's, if that is more than 5 seconds ahead: the machine has slept (or its clock was put forward). */
export const since = ([steady, wall]: Moment): number => Math.max(now() - steady, Date.now() - wall - 5000);
