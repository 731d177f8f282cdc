import { canonicalEmail } from '../../../kernel/email-address.js';

/** Which roles a connection gives. */
export interface RoleMap {
  /** Its name, whatever characters it has, or a path to it: `realm_access.roles`. */
  readonly claim: string;
  /** Of its values to roles. */
  readonly map: Readonly<Record<string, string>>;
  /** When: as the account is made, which is the default, or also at each login, which takes back what it has given. */
  readonly when?: 'creation' | 'login';
}

/** The settings of a connection, as an admin gives them. */
export interface ConnectionSettings {
  /** The label of its button; null: the name of its kind. */
  readonly label: string | null;
  /** Null: those of its kind. */
  readonly scopes: readonly string[] | null;
  /** Whether its word for an address is good: for any, for those of these domains, or for none. */
  readonly vouchesForEmail: boolean | readonly string[];
  /** Whether a second factor that was proven there counts here (`amr`). */
  readonly trustsMfa: boolean;
  /** Whether a new login there, which a user was sent to, confirms who they are although the provider does not say when it was. */
  readonly trustsNewLogin: boolean;
  /** Whether a person who is not known here becomes a user by logging in. */
  readonly jitProvisioning: 'off' | 'on';
  /** Which values of which claim are roles here; null: none gives any. */
  readonly roles: RoleMap | null;
  /** Whether passwords of its verified domains are refused. */
  readonly enforced: boolean;
  /** Ids of admins who may use a password nevertheless. */
  readonly enforcedExcept: readonly string[];
  /** How long a session lives that cannot be looked at again; null: as long as any. */
  readonly maxAgeSeconds: number | null;
  /** Whether it has a button on the sign-in page. */
  readonly isListed: boolean;
  /** Settings that only its kind has, e.g. a team or a tenant. */
  readonly [peculiar: string]: unknown;
}

/** An outside provider, configured. */
export interface Connection {
  readonly id: string;
  /** Its name in addresses. */
  readonly slug: string;
  /** `oidc`, `oauth2`, or a provider with a file of its own, e.g. `github`. */
  readonly kind: string;
  readonly issuer: string | null;
  /** Where its API is, if elsewhere than its kind's. */
  readonly baseUrl: string | null;
  readonly clientId: string;
  readonly settings: ConnectionSettings;
  readonly isDisabled: boolean;
  readonly createdAt: Date;
}

/** Settings unless an admin says otherwise: its addresses are not trusted, and it creates no user. */
export const DEFAULT_SETTINGS: ConnectionSettings = Object.freeze({
  label: null,
  scopes: null,
  vouchesForEmail: false,
  trustsMfa: false,
  trustsNewLogin: false,
  jitProvisioning: 'off',
  roles: null,
  enforced: false,
  enforcedExcept: Object.freeze([]),
  maxAgeSeconds: null,
  isListed: true,
});

/** The domain of exactly one plain address, in lower case; null for anything else: nothing of `a@corp.com@evil` is at corp.com. */
export function domainOf(address: string): string | null {
  const email = canonicalEmail(address);
  return email === null ? null : email.slice(email.lastIndexOf('@') + 1);
}

/** A domain as it is stored and compared; null for what is none, or is only a top one. */
export function domainIn(text: string): string | null {
  const domain = domainOf(`somebody@${text}`);
  return domain?.includes('.') ? domain : null;
}
