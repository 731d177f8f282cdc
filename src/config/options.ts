import { ConfigurationError } from './configuration-error.js';
import {
  type AnyOptionSection,
  type ConfigurationProblem,
  environmentName,
  hasOddEnds,
  type OptionSection,
  type OptionSpec,
} from './option-section.js';

/** The options of a caller: any subset of those declared, by name. */
export type OptionValues = Readonly<Record<string, unknown>>;

/** An option as admins may see it. */
export interface ShownOption {
  /** Of the environment variable. */
  readonly name: string;
  readonly description: string;
  /** Whether it has its default, said or not. */
  readonly isDefault: boolean;
  /** Whether it has any value. */
  readonly isSet: boolean;
  /** Null: none, or one that may hold a secret. */
  readonly value: string | null;
}

/** The options of a section as admins may see them. */
export interface ShownSection {
  readonly title: string;
  readonly options: readonly ShownOption[];
}

/**
 * Every option of every feature, checked. Inject it and ask for your feature's part:
 *
 * @example
 * constructor(options: Options) { this.idleSeconds = options.of(sessionOptions).sessionIdleSeconds; }
 */
export class Options {
  private constructor(
    private readonly values: OptionValues,
    private readonly sections: readonly AnyOptionSection[],
    private readonly said: ReadonlySet<string>,
  ) {}

  /** The values of one section, defaults filled in. */
  of<T extends object>(_section: OptionSection<T>): Readonly<T> {
    return this.values as Readonly<T>;
  }

  /** The options in force, by section, without any that may be secret. */
  shown(): readonly ShownSection[] {
    return this.sections
      .map(({ title, specs }) => ({
        title,
        options: Object.entries(specs).map(([name, spec]) => this.show(name, spec)),
      }))
      .filter(({ options }) => options.length > 0);
  }

  private show(name: string, { description, default: usual, isShown = false }: OptionSpec<unknown>): ShownOption {
    const value = this.values[name];
    const isDefault = !this.said.has(name) || JSON.stringify(value) === JSON.stringify(usual);
    const isSet = value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
    // A default is no secret: it stands in the documentation.
    const text = isSet && (isShown || isDefault) ? textOf(value) : null;
    return { name: environmentName(name), description, isDefault, isSet, value: text };
  }

  /**
   * Fills in the defaults, checks each value and then what must hold between them.
   *
   * @throws ConfigurationError naming every problem at once.
   */
  static resolve(sections: readonly AnyOptionSection[], given: OptionValues): Options {
    const specs: Record<string, OptionSpec<unknown>> = Object.assign({}, ...sections.map((section) => section.specs));
    const values: Record<string, unknown> = {};
    const problems: ConfigurationProblem[] = unknownOptions(specs, given);
    for (const [name, spec] of Object.entries(specs)) {
      const value = given[name] === undefined ? spec.default : given[name];
      if (!spec.accepts(value)) problems.push(hasOddEnds(value) ? withOddEnds(name) : notAccepted(name, spec.shape));
      values[name] = value;
    }
    const said = new Set(Object.keys(given).filter((name) => given[name] !== undefined));
    const malformed = new Set(problems.map(({ option }) => option));
    // A rule between options may stumble over a malformed one, which has been told already.
    for (const section of sections) {
      problems.push(
        ...checkedSafely(section, values, said, malformed.size > 0).filter(({ option }) => !malformed.has(option)),
      );
    }
    if (problems.length > 0) throw new ConfigurationError(problems);
    return new Options(values, sections, said);
  }

  /**
   * Reads the declared options out of the environment; the only place that does. Empty variables count as absent.
   */
  static readEnvironment(sections: readonly AnyOptionSection[], environment = process.env): OptionValues {
    const values: Record<string, unknown> = {};
    for (const section of sections) {
      for (const [name, spec] of Object.entries(section.specs)) {
        const text = environment[environmentName(name)];
        if (text === undefined || text.trim() === '') continue;
        // What cannot be read is handed on as it is: `resolve` refuses it together with everything else that is wrong.
        values[name] = spec.parse(text) ?? text;
      }
    }
    return values;
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function withOddEnds(option: string): ConfigurationProblem {
  const problem = 'begins or ends with white space or a control character';
  return { option, problem, remedy: 'remove it, e.g. the line break at the end' };
}

function notAccepted(option: string, shape: string): ConfigurationProblem {
  return { option, problem: 'has a value that is not allowed', remedy: `set ${environmentName(option)} to: ${shape}` };
}

function unknownOptions(specs: object, given: OptionValues): ConfigurationProblem[] {
  return Object.keys(given)
    .filter((name) => !Object.hasOwn(specs, name))
    .map((option) => ({
      option,
      problem: 'is not an option',
      remedy: 'remove it, or check its spelling in docs/reference/configuration.md',
    }));
}

function checkedSafely(
  section: AnyOptionSection,
  values: object,
  said: ReadonlySet<string>,
  malformed: boolean,
): ConfigurationProblem[] {
  try {
    return section.validate?.(values, said) ?? [];
  } catch (error) {
    if (malformed) return [];
    throw error;
  }
}
