import { isIP } from 'node:net';
import { type ConfigurationProblem, choice, defineOptions, integer, list, text } from '../config/option-section.js';

/** What only the service has to know; a host application has its own. */
export interface ServiceOptions {
  readonly host: string;
  readonly port: number;
  readonly logLevel: 'error' | 'warn' | 'log' | 'debug' | 'verbose';
  readonly trustedProxies: readonly string[];
  readonly clockOffsetSeconds: number;
}

export const serviceOptions = defineOptions<ServiceOptions>({
  title: 'Service',
  specs: {
    host: text({ default: 'localhost', shape: 'address', description: 'Where to listen; `0.0.0.0` is everywhere.' }),
    port: integer({ default: 3000, min: 0, max: 65_535, description: 'Where to listen; 0 is any free port.' }),
    logLevel: choice({
      of: ['error', 'warn', 'log', 'debug', 'verbose'],
      default: 'log',
      description: 'The least important lines that are written.',
    }),
    trustedProxies: list({
      default: [],
      shape: 'addresses or CIDRs',
      each: isAddressRange,
      description: 'Proxies whose `X-Forwarded-For` is believed. Nobody by default.',
    }),
    clockOffsetSeconds: integer({
      default: 0,
      min: -1_000_000_000,
      max: 1_000_000_000,
      description: "Shifts this node's clock, for tests. Refused in production.",
    }),
  },
  check: ({ clockOffsetSeconds, nodeEnv }): ConfigurationProblem[] => {
    if (clockOffsetSeconds === 0 || nodeEnv !== 'production') return [];
    return [{ option: 'clockOffsetSeconds', problem: 'is a test seam', remedy: 'remove it in production' }];
  },
});

/** An IPv4-mapped range is refused: `::ffff:10.0.0.0/8` reads as a whole internet of IPv4 to some parsers (CVE-2026-90711). */
function isAddressRange(range: string): boolean {
  const [address = '', bits, ...rest] = range.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || /^::ffff:/i.test(address)) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= (family === 4 ? 8 : 16) && Number(bits) <= (family === 4 ? 32 : 128);
}
