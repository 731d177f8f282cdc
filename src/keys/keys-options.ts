import { coreOptions } from '../config/core-options.js';
import { choice, defineOptions } from '../config/option-section.js';
import type { Options } from '../config/options.js';
import { httpOptions } from '../http/http-options.js';
import { JWT_ALGORITHMS, type JwtAlgorithm } from './signing-keys.js';

export interface KeysOptions {
  readonly jwtAlgorithm: JwtAlgorithm;
}

export const keysOptions = defineOptions<KeysOptions>({
  title: 'Signing keys',
  specs: {
    jwtAlgorithm: choice({
      of: JWT_ALGORITHMS,
      default: 'ES256',
      description:
        'Algorithm that signs access tokens, and the only one accepted. HS256 tokens can be verified by this service only.',
    }),
  },
});

/** Strategies whose tokens are signed by these keys. */
const SIGNING_STRATEGIES = ['jwt', 'oauth'];

/** Whether a strategy that is on signs its tokens. If none does, there are no keys. */
export function areKeysNeeded(options: Options): boolean {
  const { authStrategies } = options.of(coreOptions);
  return SIGNING_STRATEGIES.some((name) => authStrategies.includes(name));
}

/** Who leaves out the routes of `jwt` means those of its keys too, unless another strategy needs them. */
export function areLeftOutWithJwt(options: Options): boolean {
  const { authStrategies } = options.of(coreOptions);
  return options.of(httpOptions).routesLeftOut.includes('jwt') && !authStrategies.includes('oauth');
}

/** Whether keys are published and can be rotated by routes. */
export function haveKeysRoutes(options: Options): boolean {
  return areKeysNeeded(options) && !areLeftOutWithJwt(options);
}
