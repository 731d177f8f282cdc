import type { Catalogue } from '../../languages/catalogue.js';
import { readableDuration, readableInstant } from '../../languages/readable.js';

interface Way {
  readonly kind: string;
  readonly detail: string;
  readonly what: string;
  readonly at: string;
}

interface Unreadable {
  readonly at?: string;
  readonly validSeconds?: number;
  readonly additions?: readonly Way[];
}

/** Values as a mail of this language shows them: each `at` in words, for `validSeconds` the text `validFor`, and each addition by its name. */
export function readable(values: object, language: string, catalogue: Catalogue): Readonly<Record<string, unknown>> {
  const { at, validSeconds, additions, ...rest } = values as Unreadable;
  return {
    ...rest,
    ...(at !== undefined && { at: readableInstant(language, at) }),
    ...(additions !== undefined && { additions: additions.map((way) => readableWay(way, language, catalogue)) }),
    ...(validSeconds !== undefined && { validFor: readableDuration(language, validSeconds) }),
  };
}

/** Of a way to sign in that an application has added there may be no word: then as its feature calls it. */
function readableWay(way: Way, language: string, catalogue: Catalogue): Way {
  const key = `mail.way.${way.kind}`;
  const what = catalogue.has(key) ? catalogue.text(language, key, { detail: way.detail }) : way.what;
  return { ...way, what, at: readableInstant(language, way.at) };
}
