import { SCOPE } from '../../access/scope-policy.js';
import type { FieldError } from '../../kernel/auth-error.js';
import { OIDC_SCOPES } from './oauth-resource.js';

const MOST_SCOPES = 200;
const MOST_WORDS = 200;
const MOST_SECONDS = 86_400;
const LEAST_SECONDS = 10;

/** An API as admins and the options' file describe it. */
export interface ResourceParams {
  readonly name?: string | undefined;
  readonly scopes: Readonly<Record<string, string>>;
  readonly accessTokenSeconds?: number | null | undefined;
  readonly operatorClientId?: string | null | undefined;
}

/** All that is wrong with a description of an API. */
export function resourceErrors({
  name,
  scopes,
  accessTokenSeconds,
  operatorClientId,
}: Readonly<Record<string, unknown>>): FieldError[] {
  const errors: FieldError[] = [];
  const must = (holds: boolean, field: string, message: string) =>
    void (holds || errors.push({ field, rule: 'fitsResource', message: `${field} ${message}` }));
  must(name === undefined || isText(name, 1, 100), 'name', 'must have 1 to 100 characters');
  const seconds = accessTokenSeconds ?? LEAST_SECONDS;
  const isLife = Number.isSafeInteger(seconds) && Number(seconds) >= LEAST_SECONDS && Number(seconds) <= MOST_SECONDS;
  must(isLife, 'accessTokenSeconds', `must be a whole number from ${LEAST_SECONDS} to ${MOST_SECONDS}`);
  const isClient = typeof operatorClientId === 'string' && /^[\x21-\x7e]{1,512}$/.test(operatorClientId);
  must(isClient || (operatorClientId ?? null) === null, 'operatorClientId', 'must be the id of a client');
  if (!isObject(scopes)) {
    must(false, 'scopes', 'must be an object with a description for each scope');
    return errors;
  }
  const names = Object.keys(scopes);
  must(names.length <= MOST_SCOPES, 'scopes', `must have at most ${MOST_SCOPES} entries`);
  must(
    names.every((scope) => SCOPE.test(scope)),
    'scopes',
    'must have names of 1 to 64 characters of A-Z a-z 0-9 : . _ / -',
  );
  must(!names.some((scope) => OIDC_SCOPES.includes(scope)), 'scopes', `must not contain ${OIDC_SCOPES.join(', ')}`);
  must(
    Object.values(scopes).every((words) => isText(words, 0, MOST_WORDS)),
    'scopes',
    `must have descriptions of at most ${MOST_WORDS} characters`,
  );
  return errors;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, least: number, most: number): boolean {
  return (
    typeof value === 'string' && value.length >= least && value.length <= most && /^[^\p{Cc}\p{Cs}]*$/u.test(value)
  );
}
