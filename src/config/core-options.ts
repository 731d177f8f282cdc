import { SecretKey } from '../kernel/secret-key.js';
import { isLoopbackHost } from './loopback.js';
import { type ConfigurationProblem, choice, defineOptions, list, optionalText, text } from './option-section.js';
import type { Options } from './options.js';

/** Options that every feature may need. */
export interface CoreOptions {
  readonly nodeEnv: 'development' | 'test' | 'production';
  readonly publicUrl: string;
  readonly secretKey: string | undefined;
  readonly previousSecretKeys: readonly string[];
  readonly dataDir: string;
  readonly authStrategies: readonly string[];
}

export const coreOptions = defineOptions<CoreOptions>({
  title: 'Core',
  specs: {
    nodeEnv: choice({
      of: ['development', 'test', 'production'],
      default: 'development',
      description:
        '`production` refuses everything that is meant for trials only. `development` is meant for this machine: `PUBLIC_URL` must be loopback. Unless `NODE_ENV=development` is set explicitly, `HOST` must be loopback too and `MAIL_URL` must be unset.',
    }),
    publicUrl: text({
      isShown: true,
      default: 'http://localhost:3000',
      shape: 'URL',
      description:
        'Address at which browsers reach this service. It includes a path if a proxy serves the service below that path and strips it. Cookies, links in e-mails, the token issuer and the audience are derived from it.',
    }),
    secretKey: optionalText({
      shape: '32 random bytes, base64url',
      description:
        'Key that encrypts or derives all other secrets. In development it is generated and kept in `DATA_DIR`.',
    }),
    previousSecretKeys: list({
      default: [],
      shape: 'keys like SECRET_KEY, comma-separated',
      each: (item) => /^[A-Za-z0-9_-]{43}$/.test(item),
      description:
        'Former values of `SECRET_KEY`: what was encrypted or derived with them stays valid, and is rewritten with `SECRET_KEY`. `coatcheck doctor` reports what still needs them.',
    }),
    dataDir: text({
      isShown: true,
      default: '.data',
      shape: 'folder',
      description: 'Folder of the embedded database and, in development, of the secret key.',
    }),
    authStrategies: list({
      isShown: true,
      default: ['session'],
      shape: 'session, jwt, api-key, mtls',
      description:
        'How requests after a login are authenticated. The first one is used for a login that does not choose one.',
    }),
  },
  validate: (values) => [
    ...publicUrlProblems(values),
    ...secretKeyProblems(values),
    ...previousKeyProblems(values),
    ...strategyProblems(values),
  ],
});

/** Whether cookies carry `Secure` and the `__Host-` prefix: always, unless a development service is reached by plain http. */
export function isSecureOrigin(options: CoreOptions): boolean {
  return new URL(options.publicUrl).protocol === 'https:';
}

/** Asks whether `AUTH_STRATEGIES` names a strategy, e.g. of the routes that are only of use with it. */
export function isSwitchedOn(strategy: string): (options: Options) => boolean {
  return (options) => options.of(coreOptions).authStrategies.includes(strategy);
}

/** The remedy shown where a development setting meets something meant for other people. */
export const MEANT_FOR_PEOPLE = 'set NODE_ENV=production if it serves other people';

function publicUrlProblems({ nodeEnv, publicUrl }: CoreOptions): ConfigurationProblem[] {
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : null;
  // As a browser writes it: no credentials, query or fragment, and nothing that it would read otherwise.
  const written = url && `${url.origin}${url.pathname.replace(/\/$/, '')}`;
  if (
    !url ||
    !/^https?:$/.test(url.protocol) ||
    written !== publicUrl.replace(/\/$/, '') ||
    publicUrl.includes('//', 8)
  ) {
    const problem = 'is not an address of scheme, host, port and perhaps a path';
    return [
      { option: 'publicUrl', problem, remedy: 'set it to e.g. https://auth.example.com or https://example.com/id' },
    ];
  }
  if (nodeEnv === 'development' && !isLoopbackHost(url.hostname)) {
    const problem =
      'is not a loopback address, and NODE_ENV is development, where every e-mail can be read by anyone on this machine';
    return [{ option: 'publicUrl', problem, remedy: `${MEANT_FOR_PEOPLE}, or use http://localhost:3000 for a trial` }];
  }
  if (nodeEnv !== 'production' || url.protocol === 'https:') return [];
  const problem = 'is plain http: cookies and tokens would travel unencrypted';
  return [{ option: 'publicUrl', problem, remedy: 'serve it over https, e.g. https://auth.example.com' }];
}

const PLACEHOLDER = /change.?me|secret|example|placeholder|password|(.)\1{7}/i;

function secretKeyProblems({ nodeEnv, secretKey }: CoreOptions): ConfigurationProblem[] {
  const remedy = "generate one: node -e \"console.log(require('crypto').randomBytes(32).toString('base64url'))\"";
  if (secretKey === undefined) {
    return nodeEnv === 'production' ? [{ option: 'secretKey', problem: 'is missing', remedy }] : [];
  }
  if (PLACEHOLDER.test(secretKey) || new Set(secretKey).size < 16)
    return [{ option: 'secretKey', problem: 'is a placeholder', remedy }];
  try {
    SecretKey.parse(secretKey);
    return [];
  } catch {
    return [{ option: 'secretKey', problem: 'is not 32 bytes in base64url', remedy }];
  }
}

function previousKeyProblems({ secretKey, previousSecretKeys }: CoreOptions): ConfigurationProblem[] {
  if (new Set([secretKey, ...previousSecretKeys]).size === previousSecretKeys.length + 1) return [];
  const problem = 'contains a key twice, or SECRET_KEY itself';
  return [{ option: 'previousSecretKeys', problem, remedy: 'list each former key once' }];
}

function strategyProblems({ authStrategies }: CoreOptions): ConfigurationProblem[] {
  if (authStrategies.length > 0 && new Set(authStrategies).size === authStrategies.length) return [];
  const remedy = 'list each strategy once, e.g. session,jwt';
  return [{ option: 'authStrategies', problem: 'is empty or lists a strategy twice', remedy }];
}
