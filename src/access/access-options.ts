import { isIP } from 'node:net';
import { type ConfigurationProblem, defineOptions, list, seconds } from '../config/option-section.js';

export interface AccessOptions {
  readonly corsOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly stepUpSeconds: number;
}

export const accessOptions = defineOptions<AccessOptions>({
  title: 'Access',
  specs: {
    corsOrigins: list({
      default: [],
      shape: 'origins',
      each: isOrigin,
      description: 'Pages of these exact origins may call this service with credentials. None by default.',
    }),
    trustedProxies: list({
      default: [],
      shape: 'addresses or CIDRs',
      each: isAddressRange,
      description:
        'Proxies that are believed about their clients: `X-Forwarded-For`, and the certificate header. Nobody by default.',
    }),
    stepUpSeconds: seconds({
      default: 600,
      min: 10,
      max: 86_400,
      description:
        'How old the last proof may be where a route asks for a fresh one (`@StepUp()`), as those that change factors do.',
    }),
  },
  validate: ({ corsOrigins, nodeEnv }): ConfigurationProblem[] => {
    if (nodeEnv !== 'production' || corsOrigins.every((origin) => origin.startsWith('https:'))) return [];
    const problem = 'has a plain http origin: whoever controls the network controls its pages';
    return [{ option: 'corsOrigins', problem, remedy: 'list https origins only, e.g. https://app.example.com' }];
  },
});

/** Exactly as a browser writes it: no `*`, no `null`, no path, no trailing slash. */
function isOrigin(text: string): boolean {
  // A URL may have an asterisk in its host, where it is nothing special.
  if (text.includes('*')) return false;
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

/** An IPv4-mapped range is refused: `::ffff:10.0.0.0/8` reads as a whole internet of IPv4 to some parsers (CVE-2026-90711). */
function isAddressRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || /^::ffff:/i.test(address)) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= (family === 4 ? 8 : 16) && Number(bits) <= (family === 4 ? 32 : 128);
}
