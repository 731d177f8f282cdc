import { type CoreOptions, coreOptions } from '../../config/core-options.js';
import { type ConfigurationProblem, defineOptions, optionalText, seconds } from '../../config/option-section.js';
import { Options } from '../../config/options.js';

export interface JwtOptions {
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
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
        'Maximum lifetime of an access token; each one lives up to 5 % shorter. A logout ends it at once in this service, and in others that follow revocations; all others accept it until it expires.',
    }),
    refreshTokenSeconds: seconds({
      default: 7 * DAY,
      min: 1,
      max: 365 * DAY,
      description: 'A refresh token expires after this time without use, and never later than its session.',
    }),
    jwtIssuer: optionalText({
      isShown: true,
      shape: 'text, usually a URL',
      description: 'Claim `iss`, compared exactly. Absent: `PUBLIC_URL`.',
    }),
    jwtAudience: optionalText({
      isShown: true,
      shape: 'text, usually a URL',
      description: 'Claim `aud` that identifies this service. Absent: `PUBLIC_URL`.',
    }),
    // Clocks kept by NTP differ by milliseconds; five seconds forgive a node that is just being corrected. Each second more
    // would prolong every token by one.
    jwtLeewaySeconds: seconds({
      default: 5,
      min: 0,
      max: 60,
      description: 'How long after its expiry an access token is still accepted, to allow for clocks that differ.',
    }),
  },
  validate: ({ accessTokenSeconds, refreshTokenSeconds }): ConfigurationProblem[] => {
    if (accessTokenSeconds <= refreshTokenSeconds) return [];
    const problem = 'is longer than REFRESH_TOKEN_SECONDS';
    return [{ option: 'accessTokenSeconds', problem, remedy: 'make it shorter than REFRESH_TOKEN_SECONDS' }];
  },
});

/** Who issues tokens, and for whom. */
export function tokenParties(options: Options): { readonly issuer: string; readonly audience: string } {
  const { jwtIssuer, jwtAudience } = options.of(jwtOptions);
  const publicUrl = options.of(coreOptions).publicUrl.replace(/\/$/, '');
  return { issuer: jwtIssuer ?? publicUrl, audience: jwtAudience ?? publicUrl };
}

/** Whether `AUTH_STRATEGIES` names `jwt`. */
export function isJwtOn({ authStrategies }: Pick<CoreOptions, 'authStrategies'>): boolean {
  return authStrategies.includes('jwt');
}
