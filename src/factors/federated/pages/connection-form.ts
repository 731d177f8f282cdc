import { IsIn, IsOptional } from 'class-validator';
import { IsText } from '../../../http/is-text.js';
import { AuthError } from '../../../kernel/auth-error.js';
import type { Refused } from '../../../pages/page-view.js';
import { DEFAULT_SETTINGS } from '../connections/connection.js';
import type { ConnectionReply } from '../connections/connections.replies.js';

const LONG = 20_000;
const SHORT = 2_000;

/** The choices for the addresses that a connection vouches for. */
export const VOUCHED = ['nothing', 'everything', 'domains'] as const;

/** The changeable settings of a connection, as typed: lists one entry a line; an empty field counts as absent. */
export class ConnectionForm {
  @IsText(500)
  clientId!: string;

  @IsText(LONG)
  clientSecret!: string;

  @IsText(100)
  label!: string;

  @IsOptional()
  @IsIn(['on'])
  isListed?: 'on';

  @IsOptional()
  @IsIn(['on'])
  jitProvisioning?: 'on';

  @IsIn(VOUCHED)
  vouchesForEmail!: (typeof VOUCHED)[number];

  @IsText(LONG)
  vouchedDomains!: string;

  @IsOptional()
  @IsIn(['on'])
  trustsMfa?: 'on';

  @IsOptional()
  @IsIn(['on'])
  trustsNewLogin?: 'on';

  @IsOptional()
  @IsIn(['on'])
  enforced?: 'on';

  @IsText(LONG)
  enforcedExcept!: string;

  @IsText(SHORT)
  scopes!: string;

  @IsText(100)
  roleClaim!: string;

  @IsText(LONG)
  roles!: string;

  @IsOptional()
  @IsIn(['on'])
  rolesAtLogin?: 'on';

  @IsText(12)
  maxAgeSeconds!: string;

  @IsText(LONG)
  other!: string;
}

/** A connection that is to be made. */
export class NewConnectionForm extends ConnectionForm {
  @IsText(40)
  kind!: string;

  @IsText(100)
  slug!: string;

  @IsText(SHORT)
  issuer!: string;

  @IsText(SHORT)
  baseUrl!: string;
}

/** Its fields, as they are shown. */
export type ConnectionFields = Readonly<Record<Exclude<keyof NewConnectionForm, Box>, string> & Record<Box, boolean>>;
type Box = (typeof BOXES)[number];

const BOXES = ['isListed', 'jitProvisioning', 'trustsMfa', 'trustsNewLogin', 'rolesAtLogin', 'enforced'] as const;

export const NO_CONNECTION: ConnectionFields = {
  kind: 'oidc',
  slug: '',
  issuer: '',
  baseUrl: '',
  clientId: '',
  clientSecret: '',
  label: '',
  isListed: true,
  jitProvisioning: false,
  vouchesForEmail: 'nothing',
  vouchedDomains: '',
  trustsMfa: false,
  trustsNewLogin: false,
  enforced: false,
  enforcedExcept: '',
  scopes: '',
  roleClaim: '',
  roles: '',
  rolesAtLogin: false,
  maxAgeSeconds: '',
  other: '',
};

/** A connection as its form shows it: never its secret. */
export function fieldsOf({ kind, slug, issuer, baseUrl, clientId, settings }: ConnectionReply): ConnectionFields {
  const known = { ...DEFAULT_SETTINGS, ...settings };
  const { label, scopes, vouchesForEmail: vouched, roles, enforcedExcept, maxAgeSeconds } = known;
  const { trustsMfa, trustsNewLogin, enforced, isListed, jitProvisioning } = known;
  const other = Object.fromEntries(Object.entries(settings).filter(([name]) => !(name in DEFAULT_SETTINGS)));
  const areDomains = typeof vouched !== 'boolean';
  return {
    ...{ kind, slug, issuer: issuer ?? '', baseUrl: baseUrl ?? '', clientId, clientSecret: '', label: label ?? '' },
    ...{ isListed, trustsMfa, trustsNewLogin, enforced, jitProvisioning: jitProvisioning === 'on' },
    vouchesForEmail: areDomains ? 'domains' : vouched ? 'everything' : 'nothing',
    vouchedDomains: areDomains ? vouched.join('\n') : '',
    enforcedExcept: enforcedExcept.join('\n'),
    scopes: scopes?.join(' ') ?? '',
    roleClaim: roles?.claim ?? '',
    roles: Object.entries(roles?.map ?? {})
      .map(([value, role]) => `${value} = ${role}`)
      .join('\n'),
    rolesAtLogin: roles?.when === 'login',
    maxAgeSeconds: maxAgeSeconds === null ? '' : String(maxAgeSeconds),
    other: Object.keys(other).length === 0 ? '' : JSON.stringify(other, null, 2),
  };
}

/** A form as it was sent, to be shown again; of a secret nothing is. */
export function fieldsSent(text: (field: string) => string): ConnectionFields {
  const texts = Object.keys(NO_CONNECTION).map((field) => [field, text(field)]);
  const boxes = BOXES.map((field) => [field, text(field) === 'on']);
  return { ...Object.fromEntries(texts), ...Object.fromEntries(boxes), clientSecret: '' };
}

/** The parameters of a new connection, as the JSON route takes them, from its form. @throws AuthError `validation_failed` */
export function paramsOf(form: NewConnectionForm) {
  const { kind, slug, issuer, baseUrl, clientId, clientSecret } = form;
  return {
    ...{ kind, slug: slug.trim(), clientId: clientId.trim() },
    ...{ issuer: issuer.trim() || null, baseUrl: baseUrl.trim() || null, clientSecret: clientSecret.trim() || null },
    settings: settingsOf(form),
  };
}

/** The changes to a connection, from its form: a secret that was not typed stays. @throws AuthError `validation_failed` */
export function editsOf(form: ConnectionForm, { settings: before }: ConnectionReply) {
  const settings = settingsOf(form);
  const gone = Object.keys(before).filter((name) => !(name in settings));
  return {
    clientId: form.clientId.trim(),
    ...(form.clientSecret.trim() !== '' && { clientSecret: form.clientSecret.trim() }),
    settings: { ...Object.fromEntries(gone.map((name) => [name, null])), ...settings },
  };
}

function settingsOf(form: ConnectionForm): Record<string, unknown> {
  const { label, vouchesForEmail, scopes, maxAgeSeconds } = form;
  const age = maxAgeSeconds.trim();
  return {
    ...otherSettings(form.other),
    label: label.trim() || null,
    scopes: scopes.trim() === '' ? null : scopes.split(/[\s,]+/).filter(Boolean),
    vouchesForEmail: vouchesForEmail === 'domains' ? linesOf(form.vouchedDomains) : vouchesForEmail === 'everything',
    trustsMfa: form.trustsMfa === 'on',
    trustsNewLogin: form.trustsNewLogin === 'on',
    jitProvisioning: form.jitProvisioning === 'on' ? 'on' : 'off',
    roles: rolesOf(form),
    enforced: form.enforced === 'on',
    enforcedExcept: linesOf(form.enforcedExcept),
    maxAgeSeconds: age === '' ? null : /^\d+$/.test(age) ? Number(age) : age,
    isListed: form.isListed === 'on',
  };
}

function rolesOf({ roleClaim, roles, rolesAtLogin }: ConnectionForm) {
  const entries = linesOf(roles).map((line) => {
    const at = line.lastIndexOf('=');
    if (at < 1) throw unfit('roles', 'roleLine');
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()] as const;
  });
  const claim = roleClaim.trim();
  return claim === '' && entries.length === 0
    ? null
    : {
        claim,
        map: Object.fromEntries(entries),
        ...(rolesAtLogin === 'on' && { when: 'login' as const }),
      };
}

function otherSettings(text: string): Record<string, unknown> {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below, as anything else that is no object.
  }
  throw unfit('other', 'isJson');
}

function linesOf(text: string): string[] {
  return text
    .split(/[\r\n,]+/)
    .map((line) => line.trim())
    .filter(Boolean);
}

function unfit(field: string, rule: string): AuthError {
  const errors = [{ field, rule, message: `${field} does not have the right form` }];
  return new AuthError('validation_failed', { reason: 'unfit_connection_form', errors });
}

/** The refusal by the fields of the form: what the routes call `settings.label` is the field `label` here. */
export function byFields(problem: Refused): Refused {
  const fields = problem.fields.map((one) => {
    const field = one.field.replace(/^settings\./, '');
    return { ...one, field: field in NO_CONNECTION ? field : 'other' };
  });
  return { ...problem, fields };
}
