import { now } from './host.js';

/** By place, as an `Answer`. */
export type Pauses = readonly [
  /** Whether the service could not answer a moment ago, so is not asked. */
  isPaused: () => boolean,
  /** It could not answer: it is asked again later, after each failure later than before. @param retryAfter seconds, as the service said */
  pause: (retryAfter?: number) => void,
  /** It has answered. @param until when a page that the user comes back to asks again; default: it does not */
  rest: (until?: number) => void,
  /** The user has come back to the page, or the network to the device. @returns whether it is time to ask */
  wake: () => boolean,
  /** From now on nothing is called back. */
  stop: () => void,
];

/** When the service is asked again. @param plan calls back later, or returns undefined where there is no page: there the next request asks */
export function pausesOf(plan: (milliseconds: number) => ReturnType<typeof setTimeout> | undefined): Pauses {
  let dueAt = Infinity;
  let failures = 0;
  /** Failures up to which no pause is ended early. */
  let wokenAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => clearTimeout(timer);
  const isPaused = () => failures > 0 && now() < dueAt;
  return [
    isPaused,
    (retryAfter) => {
      if (isPaused()) return;
      failures++;
      // 2, 4, 8 ... 60 seconds and up to three quarters more, or as long as the service said, an hour at most; so that not all come back at once.
      const ms =
        Math.max(Math.min(retryAfter || 0, 3600), Math.min(60, 2 ** failures) * 1.25) * (1000 + Math.random() * 400);
      dueAt = now() + ms;
      stop();
      timer = plan(ms + 10);
    },
    (until = Infinity) => {
      stop();
      failures = wokenAt = 0;
      dueAt = until;
    },
    () => {
      // Only one pause of two is ended early: what comes and goes must not become a storm.
      if (failures > wokenAt) {
        wokenAt = failures + 1;
        dueAt = -1;
      }
      return now() > dueAt;
    },
    stop,
  ];
}
