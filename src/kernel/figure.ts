import type { Durations } from './durations.js';

/**
 * Something a room measures. The room keeps plain numbers; they are read when somebody looks, and nothing is called until
 * then. Declared in the room's `figures`, and told by the room `metrics`.
 */
export type Figure = NumberFigure | DurationsFigure;

interface NamedFigure {
  /** `coatcheck_<what>_<unit>`, a counter's ends in `_total`. Unique in the house. */
  readonly name: `coatcheck_${string}`;
  /** One sentence, without a line break. */
  readonly help: string;
}

export interface NumberFigure extends NamedFigure {
  /** A counter only ever rises; a gauge says how things stand. */
  readonly kind: 'counter' | 'gauge';
  /** Undefined: it cannot be known here. */
  read(): number | undefined | readonly Reading<number>[];
}

export interface DurationsFigure extends NamedFigure {
  readonly kind: 'durations';
  read(): Durations | readonly Reading<Durations>[];
}

/** One value of a figure that is told apart by labels. */
export interface Reading<T> {
  /** Each from a small, closed set: never an id, an address, or anything else that a client chooses. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: T;
}

/** DI token of the figures of all rooms. */
export const FIGURES = Symbol('coatcheck.figures');

/** What a feature says of a metric, beside its name. */
export interface FigureDescription extends Pick<NamedFigure, 'help'> {
  readonly kind: Figure['kind'];
  /** Names of the labels that tell its values apart. */
  readonly labels?: readonly string[];
}

/** The metrics of a feature, by name. */
export type FigureDescriptions = Readonly<Record<NamedFigure['name'], FigureDescription>>;

type ReadOf<D extends FigureDescription> = D['kind'] extends 'durations'
  ? DurationsFigure['read']
  : NumberFigure['read'];

/** Declares the metrics of a feature: the reference is generated from it. */
export function defineFigures<const T extends FigureDescriptions>(descriptions: T): T {
  return descriptions;
}

/** The metrics that were declared, each with how it is read. */
export function figuresOf<T extends FigureDescriptions>(
  descriptions: T,
  reads: { readonly [K in keyof T & NamedFigure['name']]: ReadOf<T[K]> },
): Figure[] {
  return Object.entries(reads).map(([name, read]) => ({ ...descriptions[name as keyof T], name, read }) as Figure);
}
