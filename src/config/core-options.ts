import { SecretKey } from '../kernel/secret-key.js';
import { isLoopbackHost } from './loopback.js';
import { type ConfigurationProblem, choice, defineOptions, list, optionalText, text } from './option-section.js';

/** What every feature may need to know. */
export interface CoreOptions {
  readonly nodeEnv: 'development' | 'test' | 'production';
  readonly publicUrl: string;
  readonly secretKey: string | undefined;
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
        'Production refuses everything that is only for trying out. Development is for this machine: `PUBLIC_URL` must be loopback, and unless it is said aloud `HOST` as well, without `MAIL_URL`.',
    }),
    publicUrl: text({
      default: 'http://localhost:3000',
      shape: 'URL without a path',
      description:
        'Where browsers reach this service. Cookies, links in mails, the issuer and the audience follow from it.',
    }),
    secretKey: optionalText({
      shape: '32 random bytes, base64url',
      description: 'Encrypts and derives every other secret. Made and kept in `DATA_DIR` in development.',
    }),
    dataDir: text({
      default: '.data',
      shape: 'folder',
      description: 'Holds the embedded database and, in development, the secret key.',
    }),
    authStrategies: list({
      default: ['session'],
      shape: 'session, jwt, api-key, mtls',
      description: 'How later requests are recognised. The first is what a login uses unless it asks for another.',
    }),
  },
  validate: (values) => [...publicUrlProblems(values), ...secretKeyProblems(values), ...strategyProblems(values)],
});

/** Whether cookies carry `Secure` and the `__Host-` prefix: always, unless a development service is reached by plain http. */
export function isSecureOrigin(options: CoreOptions): boolean {
  return new URL(options.publicUrl).protocol === 'https:';
}

/** What to do where development, said or not, meets something that is for other people. */
export const MEANT_FOR_PEOPLE = 'set NODE_ENV=production where it serves people';

function publicUrlProblems({ nodeEnv, publicUrl }: CoreOptions): ConfigurationProblem[] {
  const url = URL.canParse(publicUrl) ? new URL(publicUrl) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.origin !== publicUrl.replace(/\/$/, '')) {
    return [
      {
        option: 'publicUrl',
        problem: 'is not an origin',
        remedy: 'give scheme, host and port only, e.g. https://auth.example.com',
      },
    ];
  }
  if (nodeEnv === 'development' && !isLoopbackHost(url.hostname)) {
    const problem = 'is not this machine, and NODE_ENV is development, where every mail can be read';
    return [{ option: 'publicUrl', problem, remedy: `${MEANT_FOR_PEOPLE}, or try it out as http://localhost:3000` }];
  }
  if (nodeEnv !== 'production' || url.protocol === 'https:') return [];
  const problem = 'is plain http: cookies and tokens would travel readable';
  return [{ option: 'publicUrl', problem, remedy: 'serve it by https, e.g. https://auth.example.com' }];
}

const PLACEHOLDER = /change.?me|secret|example|placeholder|password|(.)\1{7}/i;

function secretKeyProblems({ nodeEnv, secretKey }: CoreOptions): ConfigurationProblem[] {
  const remedy = `generate one: node -e "console.log(require('crypto').randomBytes(32).toString('base64url'))"`;
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

function strategyProblems({ authStrategies }: CoreOptions): ConfigurationProblem[] {
  if (authStrategies.length > 0 && new Set(authStrategies).size === authStrategies.length) return [];
  const remedy = 'name each strategy once, e.g. session,jwt';
  return [{ option: 'authStrategies', problem: 'is empty or names one twice', remedy }];
}
