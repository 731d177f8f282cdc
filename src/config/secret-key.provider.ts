import { SecretKey } from '../kernel/secret-key.js';
import { coreOptions } from './core-options.js';
import type { Options } from './options.js';
import { keptSecretKey } from './secret-key-file.js';

/** The operator's secret key, or outside production the one kept in the data folder. */
export function secretKeyFrom(options: Options): SecretKey {
  const { secretKey, previousSecretKeys, dataDir } = options.of(coreOptions);
  return SecretKey.parse(secretKey ?? keptSecretKey(dataDir), previousSecretKeys);
}
