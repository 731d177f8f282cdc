import { type ConfigurationProblem, environmentName } from './option-section.js';

/** Stops the start of the application. Its message lists every problem with its remedy, and no value. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly ConfigurationProblem[]) {
    super(
      [
        `Coatcheck cannot start: ${problems.length} configuration problem(s).`,
        ...problems.map(({ option, problem, remedy }) => `  ${environmentName(option)} ${problem}\n    -> ${remedy}`),
      ].join('\n'),
    );
  }
}
