import { Client } from 'pg';
import {
  type ConfigurationProblem,
  defineOptions,
  flag,
  integer,
  optionalText,
  text,
} from '../config/option-section.js';
import { credentialsProblem, ENCODE_CREDENTIALS } from '../config/url-with-credentials.js';
import { DEFAULT_SCHEMA } from './table-schema.js';

/** Where the tables are. */
export interface DatabaseOptions {
  readonly databaseUrl: string | undefined;
  readonly databaseSchema: string;
  readonly databasePoolSize: number;
  readonly migrateOnStart: boolean;
}

export const databaseOptions = defineOptions<DatabaseOptions>({
  title: 'Database',
  specs: {
    databaseUrl: optionalText({
      shape: 'postgres://user:password@host:5432/database',
      matches: /^postgres(ql)?:\/\/\S+$/,
      description:
        'PostgreSQL database that stores everything. Absent: an embedded database in `DATA_DIR`, for trials.',
    }),
    databaseSchema: text({
      default: DEFAULT_SCHEMA,
      shape: 'lower-case letters, digits and _',
      matches: /^(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,62}$/,
      description:
        'Schema of that database which all tables are in, so that they meet no other tables, and several installations can share a database. Made at the first start, unless it is there.',
    }),
    databasePoolSize: integer({
      default: 10,
      min: 1,
      max: 1000,
      description: 'Maximum connections per process. All processes together must stay below `max_connections`.',
    }),
    migrateOnStart: flag({
      default: true,
      description: 'Run pending migrations at start. Any number of processes may start at the same time.',
    }),
  },
  validate: (values) => [...missingProblems(values), ...urlProblems(values)],
});

function missingProblems({
  nodeEnv,
  databaseUrl,
}: DatabaseOptions & Readonly<Record<string, unknown>>): ConfigurationProblem[] {
  if (nodeEnv !== 'production' || databaseUrl !== undefined) return [];
  const problem = 'is missing: the embedded database is for trials only';
  const remedy = 'set it to the URL of a PostgreSQL database, postgres://user:password@host/name';
  return [{ option: 'databaseUrl', problem, remedy }];
}

function urlProblems({ databaseUrl }: DatabaseOptions): ConfigurationProblem[] {
  if (databaseUrl === undefined) return [];
  const problem = credentialsProblem(databaseUrl) ?? (canConnectBy(databaseUrl) ? null : 'is not a valid URL');
  return problem === null ? [] : [{ option: 'databaseUrl', problem, remedy: ENCODE_CREDENTIALS }];
}

/** Only reads it. */
function canConnectBy(connectionString: string): boolean {
  try {
    new Client({ connectionString });
    return true;
  } catch (error) {
    // A file that its `sslrootcert` names is another matter, and told when it is opened.
    return (error as NodeJS.ErrnoException).syscall !== undefined;
  }
}
