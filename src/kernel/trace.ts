import { outsideDeadline } from './deadline.js';

/** A place in a trace, of whichever kind the tracer makes. */
export type TracePlace = object | undefined;

/** A call, with its place. */
export interface Placed {
  readonly place: TracePlace;
}

/** Knows which trace a call belongs to. */
export interface TracePlaces {
  /** Of the call that is under way; undefined outside of every trace. */
  current(): TracePlace;
  /** Does work for calls of several places. */
  onBehalfOf<T>(calls: readonly Placed[], work: () => T): T;
  /** Does work for no call. */
  outside<T>(work: () => T): T;
}

// Of the process, as the tracer is, however many applications are in it.
let followed: { readonly places: TracePlaces }[] = [];

/** From now on work that calls share is told apart from theirs. @returns what ends it */
export function followTraces(places: TracePlaces): () => void {
  const own = { places };
  followed = [...followed, own];
  return () => {
    followed = followed.filter((one) => one !== own);
  };
}

/** The place of the call that is under way; undefined where nothing is traced. */
export function currentPlace(): TracePlace {
  return followed[0]?.places.current();
}

/**
 * Does what several calls wait for together. For calls of one place it is part of their trace; for others a trace of its own, with a link to each:
 * it belongs to none of them more than to the rest.
 */
export function onBehalfOf<T>(calls: readonly Placed[], work: () => T): T {
  const [first] = followed;
  return first ? first.places.onBehalfOf(calls, work) : work();
}

/** Work that others wait for too, or that goes on after the request that happened to begin it: neither its deadline nor its trace. */
export function outsideRequest<T>(work: () => T): T {
  const [first] = followed;
  return first ? first.places.outside(() => outsideDeadline(work)) : outsideDeadline(work);
}
