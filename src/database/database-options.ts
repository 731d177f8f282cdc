import { type ConfigurationProblem, defineOptions, flag, integer, optionalText } from '../config/option-section.js';

/** Where the tables are. */
export interface DatabaseOptions {
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
  readonly migrateOnStart: boolean;
}

export const databaseOptions = defineOptions<DatabaseOptions>({
  title: 'Database',
  specs: {
    databaseUrl: optionalText({
      shape: 'postgres://user:password@host:5432/database',
      matches: /^postgres(ql)?:\/\/\S+$/,
      description: 'The PostgreSQL to keep everything in. Absent: an embedded one in `DATA_DIR`, for trying out.',
    }),
    databasePoolSize: integer({
      default: 10,
      min: 1,
      max: 1000,
      description: 'Connections one process may hold. All processes together must stay below `max_connections`.',
    }),
    migrateOnStart: flag({
      default: true,
      description: 'Bring the tables up to date at start; any number of processes may start at once.',
    }),
  },
  check: ({ nodeEnv, databaseUrl }): ConfigurationProblem[] => {
    if (nodeEnv !== 'production' || databaseUrl !== undefined) return [];
    const problem = 'is missing: the embedded database is for trying out';
    return [
      { option: 'databaseUrl', problem, remedy: 'give the URL of a PostgreSQL, postgres://user:password@host/name' },
    ];
  },
});
