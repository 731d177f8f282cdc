import { expectedExtent } from './decided-table.js';
import type { Happening } from './happenings.js';
import { type Fate, type Fates, HELD, type Held } from './trials.js';

/** What must become of everything that a user held, by the decided table. */
export function expectedFates(happening: Happening): Record<Held, Fate> {
  const fates = Object.entries(HELD).map(([held, place]) => [held, fateOf(happening, held, place)]);
  return Object.fromEntries(fates) as Record<Held, Fate>;
}

function fateOf(happening: Happening, held: string, { column, part }: (typeof HELD)[Held]): Fate {
  const { event, itself = [], isMoved, isSettled, isMoreRequired } = happening;
  if (itself.includes(held)) return 'ends';
  const extent = event === 'no event' ? 'none' : expectedExtent(event, column);
  const ends: Record<string, boolean> = {
    none: false,
    all: true,
    others: part !== 'acting',
    since: part !== 'older',
    // Whoever is not settled has come to the address by a change whose way back is open.
    ifMoved: isSettled !== true || isMoved === true,
    insufficient: isMoreRequired === true,
    // Which one, the event says itself.
    one: false,
  };
  if (ends[extent] === undefined) throw new Error(`nobody knows how much "${extent}" is`);
  return ends[extent] ? 'ends' : 'lives';
}

/** Whatever was not tried is as it should be. */
export function withoutUntried(seen: Fates, wanted: Record<Held, Fate>): Fates {
  const told = Object.entries(seen).map(([held, fate]) => [held, fate === 'untried' ? wanted[held as Held] : fate]);
  return Object.fromEntries(told) as Fates;
}
