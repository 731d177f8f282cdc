import { isUuid } from '../../../kernel/is-uuid.js';
import { domainIn } from './connection.js';

/** The rule for the value of a setting. */
export interface SettingRule {
  /** Goes on after its name: `must be …`. */
  readonly must: string;
  readonly accepts: (value: unknown) => boolean;
}

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,200}$/;
const ROLE = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$/;
const DAY = 86_400;

const isList = (value: unknown, most: number, each: (one: unknown) => boolean) =>
  Array.isArray(value) && value.length <= most && new Set(value).size === value.length && value.every(each);

const flag: SettingRule = { must: 'must be true or false', accepts: (value) => typeof value === 'boolean' };

/** The settings that every kind has. */
export const SETTINGS: Readonly<Record<string, SettingRule>> = {
  label: {
    must: 'must have 1 to 60 characters, or be null',
    accepts: (value) => value === null || (typeof value === 'string' && /^[^\p{Cc}\p{Cs}]{1,60}$/u.test(value)),
  },
  scopes: {
    must: 'must be a list of at most 50 scopes, or null',
    accepts: (value) => value === null || isList(value, 50, (one) => typeof one === 'string' && SCOPE.test(one)),
  },
  vouchesForEmail: {
    must: 'must be true, false, or a list of whole domains in lower case',
    accepts: (value) =>
      typeof value === 'boolean' || isList(value, 200, (one) => typeof one === 'string' && domainIn(one) === one),
  },
  trustsMfa: flag,
  trustsNewLogin: flag,
  jitProvisioning: { must: 'must be off or on', accepts: (value) => value === 'off' || value === 'on' },
  roles: {
    must: 'must be null, or a claim, a map from its values to roles, and when: creation or login',
    accepts: isRoleMap,
  },
  enforced: flag,
  enforcedExcept: {
    must: 'must be a list of at most 100 ids of users',
    accepts: (value) => isList(value, 100, (one) => typeof one === 'string' && isUuid(one)),
  },
  maxAgeSeconds: {
    must: `must be null, or a whole number from 60 to ${365 * DAY}`,
    accepts: (value) =>
      value === null || (Number.isSafeInteger(value) && Number(value) >= 60 && Number(value) <= 365 * DAY),
  },
  isListed: flag,
};

function isRoleMap(value: unknown): boolean {
  if (value === null) return true;
  if (typeof value !== 'object') return false;
  const { claim, map, when = 'creation', ...others } = value as Record<string, unknown>;
  if (when !== 'creation' && when !== 'login') return false;
  if (Object.keys(others).length > 0 || typeof claim !== 'string' || !/^[\x21-\x7e]{1,100}$/.test(claim)) return false;
  if (typeof map !== 'object' || map === null || Array.isArray(map) || Object.keys(map).length > 200) return false;
  return Object.entries(map).every(
    ([given, role]) => given.length > 0 && given.length <= 200 && typeof role === 'string' && ROLE.test(role),
  );
}
