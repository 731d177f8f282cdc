import { ConfigurationError } from '../config/configuration-error.js';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { databaseOptions } from '../database/database-options.js';
import { serviceSections } from '../service/service-sections.js';
import { isHosted, type PartOf } from './application.js';
import { sealedByOtherKeys } from './previous-keys.js';

/**
 * Asked before anything is started, which would make a key of its own where none is given: what such a key seals, the service could not open.
 *
 * @throws ConfigurationError where the environment names a database, and no key
 */
export function assertKeyGiven(): void {
  if (isHosted()) return;
  const { databaseUrl, secretKey, nodeEnv } = Options.readEnvironment(serviceSections);
  // In production its absence is told with whatever else is wrong.
  if (databaseUrl === undefined || secretKey !== undefined || nodeEnv === 'production') return;
  const problem = 'is missing, although DATABASE_URL is set: the service could not open what the import encrypts';
  const remedy =
    'load the environment of the service first; a service in development keeps its key in DATA_DIR, in secret.key';
  throw new ConfigurationError([{ option: 'secretKey', problem, remedy }]);
}

/** @throws ConfigurationError where the database holds what none of the given keys opens: it is another key than that of the service, or one is missing */
export async function assertKeyFits(part: PartOf): Promise<void> {
  const found = await unopenedFinding(part);
  if (found) throw new ConfigurationError([{ option: 'secretKey', ...found }]);
}

/** Finds secrets that no given key opens. */
export async function unopenedFinding(part: PartOf) {
  const { apps, connections, signingKeys } = await sealedByOtherKeys(part);
  if (apps + connections + signingKeys === 0) return null;
  const problem = `cannot decrypt what the database holds: ${apps} authenticator app secret(s), ${connections} connection(s), ${signingKeys} signing key(s)`;
  const remedy =
    'load the environment of the service: SECRET_KEY, PREVIOUS_SECRET_KEYS and TOTP_KEYS as it has them. If a key is lost, reset the second factors of the users (an authenticator app whose secret cannot be opened accepts no code), give the connections new secrets, and empty the table signing_keys';
  return { problem, remedy } as const;
}

/** Whether only the key in `DATA_DIR` is there, beside a database that other processes may use. */
export function isKeyOfFolderAlone(options: Options): boolean {
  return options.of(coreOptions).secretKey === undefined && options.of(databaseOptions).databaseUrl !== undefined;
}
