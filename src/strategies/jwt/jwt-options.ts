import { type CoreOptions, coreOptions } from '../../config/core-options.js';
import {
  type ConfigurationProblem,
  choice,
  defineOptions,
  optionalText,
  seconds,
} from '../../config/option-section.js';
import { Options } from '../../config/options.js';
import { JWT_ALGORITHMS, type JwtAlgorithm } from './signing-keys.js';

export interface JwtOptions {
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly refreshGraceSeconds: number;
  readonly jwtAlgorithm: JwtAlgorithm;
  readonly jwtIssuer: string | undefined;
  readonly jwtAudience: string | undefined;
  readonly jwtLeewaySeconds: number;
}

const DAY = 86_400;

export const jwtOptions = defineOptions<JwtOptions>({
  title: 'Tokens (strategy jwt)',
  specs: {
    accessTokenSeconds: seconds({
      default: 900,
      min: 1,
      max: DAY,
      description:
        'Longest life of an access token; each lives up to 5 % shorter. A logout ends it at once here; elsewhere it counts until then.',
    }),
    refreshTokenSeconds: seconds({
      default: 7 * DAY,
      min: 1,
      max: 365 * DAY,
      description: 'A refresh token unused for so long has run out. Never outlives its session.',
    }),
    refreshGraceSeconds: seconds({
      default: 30,
      min: 0,
      max: 60,
      description:
        'How long a spent refresh token may be sent again by a client that lost the reply; ends with the first use of its successor. 0: never.',
    }),
    jwtAlgorithm: choice({
      of: JWT_ALGORITHMS,
      default: 'ES256',
      description: 'The one algorithm that signs and is accepted. HS256 can be verified by nobody else.',
    }),
    jwtIssuer: optionalText({
      shape: 'text, usually a URL',
      description: 'Claim `iss`, compared exactly. Absent: `PUBLIC_URL`.',
    }),
    jwtAudience: optionalText({
      shape: 'text, usually a URL',
      description: 'Claim `aud` that names this service. Absent: `PUBLIC_URL`.',
    }),
    // Clocks kept by NTP differ by milliseconds; five seconds forgive a node that is just being corrected. Each second more
    // would prolong every token by one.
    jwtLeewaySeconds: seconds({
      default: 5,
      min: 0,
      max: 60,
      description: 'How long after its expiry an access token is still accepted, for nodes whose clocks differ.',
    }),
  },
  validate: ({ accessTokenSeconds, refreshTokenSeconds }): ConfigurationProblem[] => {
    if (accessTokenSeconds <= refreshTokenSeconds) return [];
    const problem = 'is longer than REFRESH_TOKEN_SECONDS';
    return [{ option: 'accessTokenSeconds', problem, remedy: 'make the access token the shorter-lived one' }];
  },
});

/** Who issues tokens, and for whom. */
export function tokenParties(options: Options): { readonly issuer: string; readonly audience: string } {
  const { jwtIssuer, jwtAudience } = options.of(jwtOptions);
  const { origin } = new URL(options.of(coreOptions).publicUrl);
  return { issuer: jwtIssuer ?? origin, audience: jwtAudience ?? origin };
}

/** Whether `AUTH_STRATEGIES` names `jwt`. */
export function isJwtOn({ authStrategies }: Pick<CoreOptions, 'authStrategies'>): boolean {
  return authStrategies.includes('jwt');
}
