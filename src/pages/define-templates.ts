import type { Options } from '../config/options.js';
import { httpOptions } from '../http/http-options.js';
import type { PageArea } from './pages-options.js';

/** Place of a page in the navigation of its area. Its label is the word `<name>.nav`, its path the one given. */
export interface NavigationEntry {
  readonly area: PageArea;
  /** Lower ones come first. */
  readonly order: number;
  /** Path of the page, as in `@PageController`, with a slash before it. */
  readonly path: string;
  /** Paths of pages that belong to it and are not below it. */
  readonly also?: readonly string[];
  /** Whether there is such a page, by the options. Default: there is. */
  readonly shownIf?: (options: Options) => boolean;
}

/** A page as a feature declares it. Its title is the word `<name>.title`. */
export interface PageTemplate<Values extends object = object> {
  /** In eta: what stands in `<main>`. Every `<%= %>` is escaped. */
  readonly source: string;
  /** Values of the shape that it gets: every template is tried with them at the start. */
  readonly sample: Values;
  readonly nav?: NavigationEntry;
  /** Modules that it loads, e.g. `passkey.js`. */
  readonly scripts?: readonly string[];
  /** Name of the feature that declares it; set as the features are put together. */
  readonly feature?: string;
}

/** Whether the routes of the feature that declares a page are left out: nothing should lead there. */
export function isLeftOut({ feature }: PageTemplate, options: Options): boolean {
  return feature !== undefined && options.of(httpOptions).routesLeftOut.includes(feature);
}

/** The pages of all features, by name. */
export abstract class DeclaredPages extends Map<string, PageTemplate> {}

/** Names of the values that every template gets beside its own. */
export const RESERVED_VALUES = [
  't',
  'path',
  'route',
  'refusal',
  'invalid',
  'asset',
  'csrf',
  'lang',
  'dir',
  'user',
  'date',
  'number',
  'title',
  'site',
  'hasPages',
] as const;

/**
 * Declares the pages of a feature, for `Feature.pages`.
 *
 * @throws TypeError for a value of a name that every template is given
 */
export function defineTemplates<T extends Readonly<Record<string, PageTemplate>>>(templates: T): T {
  for (const [name, { sample }] of Object.entries(templates)) {
    const taken = RESERVED_VALUES.filter((reserved) => reserved in sample);
    if (taken.length > 0) throw new TypeError(`the page ${name} has values of reserved names: ${taken.join(', ')}`);
  }
  return templates;
}
