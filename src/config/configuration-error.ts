import { type ConfigurationProblem, environmentName } from './option-section.js';

/** Stops the start of the application. Its message lists every problem with its remedy, and no value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly ConfigurationProblem[]) {
    super([...inEnvironment(problems), inCode(problems)].join('\n'));
  }

  /** The message for the operator, who configures the service by environment variables alone. */
  get messageOfService(): string {
    return inEnvironment(this.problems).join('\n');
  }
}

function inEnvironment(problems: readonly ConfigurationProblem[]): string[] {
  return [
    `Coatcheck cannot start: ${problems.length} configuration problem(s).`,
    ...problems.map(({ option, problem, remedy }) => `  ${environmentName(option)} ${problem}\n    -> ${remedy}`),
  ];
}

/** Hosts write options in code, and know no variables. */
function inCode(problems: readonly ConfigurationProblem[]): string {
  const names = [...new Set(problems.map(({ option }) => option))];
  return `  In AuthModule.forRoot: ${names.join(', ')}. Variables that a remedy names are options there too, in camelCase.`;
}
