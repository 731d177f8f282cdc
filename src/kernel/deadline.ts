import { AsyncLocalStorage } from 'node:async_hooks';
import { AuthError } from './auth-error.js';

/** A request that is answered in time, or turned away. */
export interface Deadline {
  /** Whether it was turned away: then it is to begin nothing more. */
  isOver: boolean;
}

const current = new AsyncLocalStorage<Deadline | undefined>();
let followers = 0;

/**
 * Has whatever `work` does, and all that follows from it, know its deadline. Following costs every promise of the process, so
 * requests are followed only while {@link followDeadlines} says so.
 */
export function withinDeadline<T>(deadline: Deadline, work: () => T): T {
  return followers === 0 ? work() : current.run(deadline, work);
}

/** Work that others wait for too, or that goes on after the request that happened to begin it. */
export function outsideDeadline<T>(work: () => T): T {
  return current.getStore() === undefined ? work() : current.run(undefined, work);
}

/** Whether the request on whose behalf this is called was turned away. False for all that is not followed. */
export function isTooLate(): boolean {
  return current.getStore()?.isOver ?? false;
}

/** @returns what ends it, to be called once */
export function followDeadlines(): () => void {
  followers += 1;
  return () => {
    followers -= 1;
    if (followers === 0) current.disable();
  };
}

/** The error for a request that took too long. */
export function tooLate(): AuthError {
  return new AuthError('unavailable', { reason: 'deadline_passed', retryAfterSeconds: 5 });
}
