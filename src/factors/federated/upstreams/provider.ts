import type { Connection } from '../connections/connection.js';
import { claimAt } from './claims.js';
import type { OidcDifferences } from './oidc-upstream.js';
import type { Upstream } from './upstream.js';
import type { ClientCredentials, UpstreamParts } from './upstream-client.js';

/** A setting that only one kind has. */
export interface PeculiarSetting {
  /** Goes on after its name: `must be …`. */
  readonly must: string;
  readonly accepts: (value: unknown) => boolean;
  readonly isRequired?: boolean;
}

/** The description of one kind of outside provider. */
export interface Provider {
  /** The label of its button unless an admin sets one; null: the host of the issuer. */
  readonly label: string | null;
  readonly protocol: 'oidc' | 'oauth2';
  /** Whether an admin names its issuer, and where it is. */
  readonly issuer: 'named' | 'known';
  readonly baseUrl: 'optional' | 'unused';
  /** Whether it can be asked to have its users log in anew, and says when they have (`prompt`, `max_age`, `auth_time`). */
  readonly asksAnew: boolean;
  /** A client without a secret is good only where the provider says so. */
  readonly isSecretRequired: boolean;
  readonly settings: Readonly<Record<string, PeculiarSetting>>;
  /** Returns what is wrong with the secret, if anything: `must be …`. @param secret as an admin gave it */
  readonly secretProblem?: (secret: string) => string | null;
  create(connection: Connection, secret: string | null, parts: UpstreamParts): Upstream;
}

/** A text setting. */
export const textSetting = (must: string, pattern: RegExp, isRequired = false): PeculiarSetting => ({
  must,
  accepts: (value) => typeof value === 'string' && pattern.test(value),
  isRequired,
});

/** An address setting: https, or http for trials. */
export const addressSetting = (isRequired = false): PeculiarSetting => ({
  must: 'must be an https URL',
  accepts: isWebAddress,
  isRequired,
});

/** An https URL (or http, for trials: production refuses to ask it) without credentials and fragment. */
export function isWebAddress(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > 2_000 || !URL.canParse(value)) return false;
  const { protocol, username, password, hash } = new URL(value);
  return /^https?:$/.test(protocol) && username === '' && password === '' && hash === '';
}

/** Every OpenID Connect kind has it. */
export const PROMPT: PeculiarSetting = {
  must: 'must be login, consent, select_account, or several of them separated by spaces',
  accepts: (value) =>
    typeof value === 'string' && /^(login|consent|select_account)( (login|consent|select_account))*$/.test(value),
};

/** The differences of a provider of OpenID Connect, with the admin's settings over those of its kind. */
export function settled({ settings }: Connection, { scopes, parameters, ...others }: OidcDifferences): OidcDifferences {
  const { prompt, roles } = settings;
  return {
    ...others,
    scopes: settings.scopes ?? scopes,
    parameters: { ...parameters, ...(typeof prompt === 'string' && { prompt }) },
    isComplete: (claims) => !roles || claimAt(claims, roles.claim) !== undefined,
  };
}

/** The secret as it is. */
export function credentialsOf({ clientId }: Connection, secret: string | null): ClientCredentials {
  return { clientId, secret: () => Promise.resolve(secret) };
}
