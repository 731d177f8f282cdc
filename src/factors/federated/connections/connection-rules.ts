import type { FieldError } from '../../../kernel/auth-error.js';
import { frozenJson } from '../../../kernel/json-object.js';
import { KINDS, providerOf } from '../providers/providers.js';
import { isWebAddress, type Provider } from '../upstreams/provider.js';
import { type ConnectionSettings, DEFAULT_SETTINGS } from './connection.js';
import { SETTINGS, type SettingRule } from './connection-setting-rules.js';

/** A connection as admins and the options' file describe it. */
export interface ConnectionParams {
  readonly slug: string;
  readonly kind: string;
  readonly issuer?: string | null | undefined;
  readonly baseUrl?: string | null | undefined;
  readonly clientId: string;
  readonly clientSecret?: string | null | undefined;
  /** Those that are absent are as `DEFAULT_SETTINGS`. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

/** Settings that fit, or all that is wrong, by the names that admins use. */
export type CheckedConnection =
  | { readonly settings: ConnectionSettings; readonly errors?: undefined }
  | { readonly settings?: undefined; readonly errors: readonly FieldError[] };

export const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
const CLIENT_ID = /^[\x21-\x7e]{1,500}$/;
const SECRET = /^[^\p{Cs}\0]{1,8000}$/u;
const MOST_BYTES = 16_384;

/**
 * Checks what a connection is to be, as a whole.
 *
 * @param mayBePlain whether http addresses are allowed: in trials only
 * @param hasSecret whether it has a secret already, which goes on
 */
export function checkedConnection(params: ConnectionParams, mayBePlain: boolean, hasSecret = false): CheckedConnection {
  const errors: FieldError[] = [];
  const tell = (field: string, message: string) =>
    errors.push({ field, rule: 'fitsConnection', message: `${field} ${message}` });
  const provider = providerOf(params.kind);
  if (!SLUG.test(params.slug)) tell('slug', 'must have 1 to 32 characters of a-z 0-9 -, without - at its ends');
  if (!CLIENT_ID.test(params.clientId)) tell('clientId', 'must have 1 to 500 visible characters of ASCII');
  if (!provider) {
    tell('kind', `must be one of ${KINDS.join(', ')}`);
    return { errors };
  }
  for (const [field, message] of addressErrors(params, provider, mayBePlain)) tell(field, message);
  const problem = secretProblem(params.clientSecret, provider, hasSecret);
  if (problem !== null) tell('clientSecret', problem);
  const settings = { ...DEFAULT_SETTINGS, ...params.settings };
  for (const [field, message] of settingErrors(settings, provider, mayBePlain)) tell(`settings.${field}`, message);
  return errors.length > 0 ? { errors } : { settings: settings as ConnectionSettings };
}

function addressErrors({ issuer, baseUrl }: ConnectionParams, provider: Provider, mayBePlain: boolean) {
  const errors: [field: string, message: string][] = [];
  const fits = (address: string) =>
    isWebAddress(address) && !address.includes('?') && (mayBePlain || isEncrypted(address));
  const named = issuer ?? null;
  if (provider.issuer === 'known' && named !== null)
    errors.push(['issuer', 'must be absent: it is known for this kind']);
  if (provider.issuer === 'named' && (named === null || !fits(named)))
    errors.push(['issuer', 'must be an https URL without a query, exactly as the provider names itself']);
  const base = baseUrl ?? null;
  if (base !== null && provider.baseUrl === 'unused') errors.push(['baseUrl', 'must be absent for this kind']);
  else if (base !== null && (!fits(base) || base.endsWith('/')))
    errors.push(['baseUrl', 'must be an https URL without a query and without a slash at its end']);
  return errors;
}

function secretProblem(secret: string | null | undefined, provider: Provider, hasSecret: boolean): string | null {
  const isGoingOn = secret === undefined && hasSecret;
  if (isGoingOn) return null;
  if (secret === undefined || secret === null) return provider.isSecretRequired ? 'is required for this kind' : null;
  if (!SECRET.test(secret)) return 'must have 1 to 8000 characters';
  return provider.secretProblem?.(secret) ?? null;
}

function settingErrors(settings: Readonly<Record<string, unknown>>, provider: Provider, mayBePlain: boolean) {
  const errors: [field: string, message: string][] = [];
  const rules: Readonly<Record<string, SettingRule>> = { ...SETTINGS, ...provider.settings };
  for (const [name, value] of Object.entries(settings)) {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!rule) errors.push([name, 'is not a setting of this kind']);
    else if (!rule.accepts(value) || (!mayBePlain && isPlainAddress(value))) errors.push([name, rule.must]);
  }
  for (const [name, { isRequired }] of Object.entries(provider.settings))
    if (isRequired && settings[name] === undefined) errors.push([name, 'is required for this kind']);
  const { scopes } = settings;
  if (provider.protocol === 'oidc' && Array.isArray(scopes) && !scopes.includes('openid'))
    errors.push(['scopes', 'must contain openid']);
  if (!isStorable(settings))
    errors.push(['label', `and the others must be plain text, ${MOST_BYTES} bytes in all at most`]);
  return errors;
}

function isPlainAddress(value: unknown): boolean {
  return typeof value === 'string' && /^http:/i.test(value);
}

function isEncrypted(address: string): boolean {
  return new URL(address).protocol === 'https:';
}

function isStorable(settings: object): boolean {
  try {
    frozenJson(settings, MOST_BYTES);
    return true;
  } catch {
    return false;
  }
}
