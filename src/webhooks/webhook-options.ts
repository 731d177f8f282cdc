import { isIP } from 'node:net';
import { type ConfigurationProblem, defineOptions, list, seconds } from '../config/option-section.js';
import { credentialsProblem, ENCODE_CREDENTIALS } from '../config/url-with-credentials.js';

export interface WebhookOptions {
  readonly webhooks: readonly string[];
  readonly webhookSecrets: readonly string[];
  readonly webhookInternalAddresses: readonly string[];
  readonly webhookTimeoutSeconds: number;
}

const NAMED_URL = /^[a-z0-9][a-z0-9-]{0,31}=https?:\/\/\S+$/;
const NAMED_SECRET = /^[a-z0-9][a-z0-9-]{0,31}=whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

export const webhookOptions = defineOptions<WebhookOptions>({
  title: 'Webhooks',
  specs: {
    webhooks: list({
      default: [],
      shape: 'name=URL, comma-separated',
      each: (item) => NAMED_URL.test(item) && URL.canParse(item.slice(item.indexOf('=') + 1)),
      description: 'Webhooks that receive every audit event as a signed POST request.',
    }),
    webhookSecrets: list({
      default: [],
      shape: 'name=whsec_…, comma-separated; 24 to 64 bytes, base64',
      each: (item) => NAMED_SECRET.test(item),
      description:
        'Secrets that sign these requests. All secrets of one name sign, so that one can be replaced without interruption.',
    }),
    webhookInternalAddresses: list({
      isShown: true,
      default: [],
      shape: 'IP addresses, comma-separated',
      each: (item) => isIP(item) > 0,
      description: 'Addresses in internal networks that webhooks may nevertheless reach.',
    }),
    webhookTimeoutSeconds: seconds({
      default: 10,
      min: 1,
      max: 60,
      description: 'Time limit for the response of a webhook.',
    }),
  },
  validate: (values) => problemsOf(values),
});

/** `[name, value]` of each. */
export function named(items: readonly string[]): [name: string, value: string][] {
  return items.map((item) => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)]);
}

/** A path may have an @, unless what seems to be a host with a port is a user with the beginning of a password. */
function mayHoldCredentials(url: string): boolean {
  return /^https?:\/\/([^/?#]*@|[^/?#]*:[^@]*@)/.test(url);
}

function problemsOf(values: WebhookOptions & Readonly<Record<string, unknown>>): ConfigurationProblem[] {
  const names = named(values.webhooks).map(([name]) => name);
  const unread = named(values.webhooks)
    .map(([, url]) => (mayHoldCredentials(url) ? credentialsProblem(url) : null))
    .find((problem) => problem !== null);
  const signed = new Set(named(values.webhookSecrets).map(([name]) => name));
  const problems: ConfigurationProblem[] = [];
  if (unread) problems.push({ option: 'webhooks', problem: unread, remedy: ENCODE_CREDENTIALS });
  if (new Set(names).size < names.length) {
    problems.push({ option: 'webhooks', problem: 'uses a name twice', remedy: 'give each webhook its own name' });
  }
  const unsigned = names.filter((name) => !signed.has(name));
  if (unsigned.length > 0) {
    const remedy = `add ${unsigned.map((name) => `${name}=whsec_<32 random bytes, base64>`).join(',')}`;
    problems.push({ option: 'webhookSecrets', problem: 'has no secret for some webhooks', remedy });
  }
  const plain = named(values.webhooks).some(([, url]) => url.startsWith('http:'));
  if (plain && values.nodeEnv === 'production') {
    problems.push({ option: 'webhooks', problem: 'contains a URL that is not encrypted', remedy: 'use https URLs' });
  }
  return problems;
}
