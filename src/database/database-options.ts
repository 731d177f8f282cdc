import { Client } from 'pg';
import {
  type ConfigurationProblem,
  defineOptions,
  flag,
  integer,
  optionalText,
  seconds,
  text,
} from '../config/option-section.js';
import { credentialsProblem, ENCODE_CREDENTIALS } from '../config/url-with-credentials.js';
import { DEFAULT_SCHEMA } from './table-schema.js';

const SCHEMA = /^(?!pg_|information_schema$)[a-z_][a-z0-9_]{0,62}$/;

/** Where the tables are. */
export interface DatabaseOptions {
  readonly databaseUrl: string | undefined;
  readonly databaseDirectUrl: string | undefined;
  readonly databaseSchema: string;
  readonly databasePoolSize: number;
  readonly databaseWaitSeconds: number;
  readonly migrateOnStart: boolean;
}

export const databaseOptions = defineOptions<DatabaseOptions>({
  title: 'Database',
  specs: {
    databaseUrl: optionalText({
      shape: 'postgres://user:password@host:5432/database',
      matches: /^postgres(ql)?:\/\/./,
      description:
        'PostgreSQL database that stores everything. Absent: an embedded database in `DATA_DIR`, for trials.',
    }),
    databaseDirectUrl: optionalText({
      shape: 'postgres://user:password@host:5432/database',
      matches: /^postgres(ql)?:\/\/./,
      description:
        'The same database without the pooler in transaction mode (PgBouncer), for notifications and migrations: one connection per process. Absent: nodes behind such a pooler poll.',
    }),
    databaseSchema: text({
      isShown: true,
      default: DEFAULT_SCHEMA,
      shape: 'lower-case letters, digits and _',
      matches: SCHEMA,
      description:
        'Schema that contains all tables, so that they collide with no others and several installations can share a database. Created at the first start if it does not exist.',
    }),
    databasePoolSize: integer({
      default: 10,
      min: 1,
      max: 1000,
      description: 'Maximum connections per process. All processes together must stay below `max_connections`.',
    }),
    databaseWaitSeconds: seconds({
      default: 30,
      min: 0,
      max: 3600,
      description: 'How long the start waits for a database that cannot be reached yet.',
    }),
    migrateOnStart: flag({
      default: true,
      description: 'Run pending migrations at start. Any number of processes may start at the same time.',
    }),
  },
  validate: (values) => [
    ...missingProblems(values),
    ...urlProblems('databaseUrl', values),
    ...urlProblems('databaseDirectUrl', values),
  ],
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

function urlProblems(option: 'databaseUrl' | 'databaseDirectUrl', values: DatabaseOptions): ConfigurationProblem[] {
  const url = values[option];
  if (url === undefined) return [];
  if (option === 'databaseDirectUrl' && values.databaseUrl === undefined)
    return [{ option, problem: 'is set, but DATABASE_URL is not', remedy: 'set DATABASE_URL too, or remove it' }];
  const problem = credentialsProblem(url) ?? (canConnectBy(url) ? null : 'is not a valid URL');
  return problem === null ? schemaProblems(option, url, values) : [{ option, problem, remedy: ENCODE_CREDENTIALS }];
}

/** Ways of other programs to say which schema: nothing here would follow them. */
function schemaProblems(option: string, url: string, { databaseSchema }: DatabaseOptions): ConfigurationProblem[] {
  const query = new URLSearchParams(url.split('?')[1] ?? '');
  if (query.has('schema') || query.has('currentSchema')) {
    const problem = 'has the parameter `schema`, which PostgreSQL does not know';
    const named = query.get('schema') || query.get('currentSchema');
    return [{ option, problem, remedy: `remove it, and set DATABASE_SCHEMA=${isName(named) ? named : 'its value'}` }];
  }
  const first = /search_path\s*=\s*["']?(\w+)/.exec(query.get('options') ?? '')?.[1];
  if (first === undefined || first === databaseSchema || first === 'public') return [];
  const problem = `sets the search_path to ${first}, but the tables are in the schema ${databaseSchema}`;
  return [{ option, problem, remedy: `set DATABASE_SCHEMA=${first}, and remove it` }];
}

function isName(text: string | null): text is string {
  return text !== null && SCHEMA.test(text);
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
