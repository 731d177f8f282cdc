/** Something wrong with the configuration. All problems are reported at once, each with what to do about it. */
export interface ConfigurationProblem {
  /** The option's name in `AuthModule.forRoot`; its environment variable follows from it. */
  readonly option: string;
  readonly problem: string;
  readonly remedy: string;
}

/** One option: its type, its default, and how it is read from an environment variable. */
export interface OptionSpec<T> {
  readonly description: string;
  /** Shape shown in the configuration table: `seconds`, `a | b`, `URL`. */
  readonly shape: string;
  readonly default: T;
  /** Whether admins may see its value. Absent: only that there is one, for it may hold a secret. */
  readonly isShown?: boolean;
  /** Reads the text of an environment variable; undefined when it cannot be read. */
  parse(text: string): T | undefined;
  /** Whether a value, from wherever, may be used. */
  accepts(value: unknown): boolean;
}

/** The options one feature declares, and what must hold between them. */
export interface OptionSection<T extends object = object> {
  readonly title: string;
  readonly specs: { readonly [K in keyof T]: OptionSpec<T[K]> };
  /** Called with the options of all sections. @param given those that were said, not filled in by a default */
  validate?(values: T & Readonly<Record<string, unknown>>, given: ReadonlySet<string>): ConfigurationProblem[];
}

/** A section of whatever options. */
export interface AnyOptionSection {
  readonly title: string;
  readonly specs: Readonly<Record<string, OptionSpec<unknown>>>;
  // biome-ignore lint/suspicious/noExplicitAny: a section's rules see the options it names, whichever feature declared them
  validate?(values: any, given: ReadonlySet<string>): ConfigurationProblem[];
}

/** Declares a feature's options. `sessionIdleSeconds` is read from `SESSION_IDLE_SECONDS`. */
export function defineOptions<T extends object>(section: OptionSection<T>): OptionSection<T> {
  return section;
}

/** `accessTokenSeconds` -> `ACCESS_TOKEN_SECONDS`: one name, two spellings. */
export function environmentName(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

type Described<T> = { readonly default: T; readonly description: string; readonly isShown?: boolean };

/** An option that is an integer within bounds. */
export function integer(spec: Described<number> & { min: number; max: number; shape?: string }): OptionSpec<number> {
  return {
    isShown: true,
    ...spec,
    shape: spec.shape ?? `${spec.min} to ${spec.max}`,
    parse: (text) => (/^-?\d{1,15}$/.test(text.trim()) ? Number(text) : undefined),
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= spec.min && Number(value) <= spec.max,
  };
}

/** An option that is a duration in whole seconds. */
export function seconds(spec: Described<number> & { min: number; max: number }): OptionSpec<number> {
  return integer({ ...spec, shape: `seconds, ${spec.min} to ${spec.max}` });
}

/** A boolean option. */
export function flag(spec: Described<boolean>): OptionSpec<boolean> {
  return {
    isShown: true,
    ...spec,
    shape: 'true | false',
    parse: (text) => ({ true: true, '1': true, false: false, '0': false })[text.trim().toLowerCase()],
    accepts: (value) => typeof value === 'boolean',
  };
}

/** An option with a closed set of values. */
export function choice<const T extends string>(spec: Described<T> & { of: readonly T[] }): OptionSpec<T> {
  return {
    isShown: true,
    ...spec,
    shape: spec.of.join(' | '),
    parse: (text) => text.trim() as T,
    accepts: (value) => spec.of.includes(value as T),
  };
}

/** True for a text with invisible characters at its beginning or end: a secret with them would be another secret. */
export function hasOddEnds(value: unknown): boolean {
  return typeof value === 'string' && (value !== value.trim() || /^\p{Cc}|\p{Cc}$/u.test(value));
}

/** Free text, without white space at its ends, where a variable often has a line break; `matches` narrows it. */
export function text(spec: Described<string> & { shape: string; matches?: RegExp }): OptionSpec<string> {
  return {
    ...spec,
    parse: (value) => value.trim(),
    accepts: (value) => typeof value === 'string' && !hasOddEnds(value) && (spec.matches?.test(value) ?? true),
  };
}

/** An option that is a text and may be absent. An empty environment variable counts as absent. */
export function optionalText(spec: {
  description: string;
  shape: string;
  matches?: RegExp;
  isShown?: boolean;
}): OptionSpec<string | undefined> {
  return {
    ...spec,
    default: undefined,
    parse: (value) => value.trim(),
    accepts: (value) =>
      value === undefined || (typeof value === 'string' && !hasOddEnds(value) && (spec.matches?.test(value) ?? true)),
  };
}

/** An option that is a comma-separated list. */
export function list(
  spec: Described<readonly string[]> & { shape: string; each?: (item: string) => boolean },
): OptionSpec<readonly string[]> {
  const fits = (item: unknown) => typeof item === 'string' && item !== '' && (spec.each?.(item) ?? true);
  return {
    ...spec,
    parse: (value) => (value.trim() === '' ? [] : value.split(',').map((item) => item.trim())),
    accepts: (value) => Array.isArray(value) && value.every(fits),
  };
}
