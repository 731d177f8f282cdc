import { isIP } from 'node:net';
import { type ConfigurationProblem, defineOptions, list, type OptionSpec, seconds } from '../config/option-section.js';
import { SCOPE } from './scope-policy.js';

/** The permissions of each role, by its name. */
export type RolePermissionMap = Readonly<Record<string, readonly string[]>>;

export interface AccessOptions {
  readonly corsOrigins: readonly string[];
  readonly corsHeaders: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly stepUpSeconds: number;
  readonly rolePermissions: RolePermissionMap;
}

const ROLE = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;

export const accessOptions = defineOptions<AccessOptions>({
  title: 'Access',
  specs: {
    corsOrigins: list({
      isShown: true,
      default: [],
      shape: 'origins',
      each: isOrigin,
      description: 'Origins whose pages may call this service with credentials, compared exactly. Default: none.',
    }),
    corsHeaders: list({
      isShown: true,
      default: [],
      shape: 'names of headers',
      each: (name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && name !== '*',
      description:
        'Further headers that those pages may send. `X-Requested-With`, `traceparent`, `tracestate`, `baggage` and `sentry-trace` are always allowed.',
    }),
    trustedProxies: list({
      isShown: true,
      default: [],
      shape: 'IP addresses or CIDRs',
      each: isAddressRange,
      description: 'Proxies whose `X-Forwarded-For` and client certificate headers are trusted. Default: none.',
    }),
    stepUpSeconds: seconds({
      default: 600,
      min: 10,
      max: 86_400,
      description:
        'Maximum age of the last login or step-up on routes that require a fresh one (`@StepUp()`), such as those that change factors.',
    }),
    rolePermissions: permissionMap(),
  },
  validate: ({ corsOrigins, nodeEnv }): ConfigurationProblem[] => {
    if (nodeEnv !== 'production' || corsOrigins.every((origin) => origin.startsWith('https:'))) return [];
    const problem = 'contains a plain http origin, whose pages an attacker on the network can change';
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

function permissionMap(): OptionSpec<RolePermissionMap> {
  return {
    description:
      'Permissions of each role, for `@Permissions()`, e.g. `accountant=invoices:read invoices:write; clerk=invoices:read`. Permissions have the form of scopes. Default: none.',
    shape: 'role=permission permission; role=…',
    default: {},
    parse: readPermissions,
    accepts: (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.entries(value).every(([role, permissions]) => ROLE.test(role) && arePermissions(permissions)),
  };
}

function readPermissions(text: string): RolePermissionMap | undefined {
  const entries = text.split(';').map((entry) => entry.trim());
  const read = entries.filter((entry) => entry !== '').map((entry) => entry.split('='));
  const isWhole = read.every((parts) => parts.length === 2);
  const named = read.map(([role = '', permissions = '']) => [role.trim(), permissions.split(/\s+/).filter(Boolean)]);
  // A role that is named twice was meant once, and which of the two cannot be told.
  const isOnce = new Set(named.map(([role]) => role)).size === named.length;
  return isWhole && isOnce ? Object.fromEntries(named) : undefined;
}

function arePermissions(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' && SCOPE.test(one));
}
