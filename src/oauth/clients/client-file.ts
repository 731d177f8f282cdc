import { problemOf, type ReadFile, readListFile } from '../../config/list-file.js';
import type { ConfigurationProblem } from '../../config/option-section.js';
import { hashSecret } from '../../kernel/secret-token.js';
import type { ClientParams } from './client-params.js';
import { checkedClient } from './client-rules.js';
import type { MetadataBounds } from './metadata-fields.js';
import type { ClientParts } from './oauth-client.js';

/** A client of the options' file, but for what only the database knows. */
export type FileClient = Omit<ClientParts, 'serviceUser' | 'serviceUserBannedUntil' | 'revokedJtis' | 'generation'> & {
  readonly serviceUserId: string | null;
};

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SECRET = /^[\x21-\x7e]{32,512}$/;
const HASH = /^[A-Za-z0-9_-]{43}$/;
const TEXT_LISTS = ['redirectUris', 'postLogoutRedirectUris', 'grantTypes', 'scopes', 'resources'] as const;
const FIELDS = new Set([
  ...TEXT_LISTS,
  ...[
    'id',
    'name',
    'type',
    'tokenEndpointAuthMethod',
    'jwks',
    'jwksUri',
    'tlsClientAuthSubjectDn',
    'tlsClientAuthSanDns',
  ],
  ...['tlsClientAuthSanUri', 'defaultResource', 'firstParty', 'requirePkce', 'idTokenSignedResponseAlg'],
  ...[
    'backchannelLogoutUri',
    'dpopBoundAccessTokens',
    'tlsClientCertificateBoundAccessTokens',
    'requirePushedAuthorizationRequests',
    'serviceUserId',
    'disabled',
  ],
  ...['clientSecret', 'clientSecretHash'],
]);

/** Reads `OAUTH_CLIENTS`: a list of clients, each as admins give it, with an `id`, and a `clientSecret` or its hash. */
export function readClientFile(file: string, bounds: MetadataBounds): ReadFile<FileClient> {
  const { entries, problems } = readListFile(file, 'oauthClients');
  const found: ConfigurationProblem[] = [...problems];
  const ids = new Set<string>();
  const clients = entries.flatMap((entry, i) => {
    const name = typeof entry.id === 'string' && ID.test(entry.id) ? entry.id : `number ${i + 1}`;
    const errors = [...formErrors(entry), ...(ids.has(name) ? ['id must not be used twice'] : [])];
    ids.add(name);
    const checked = errors.length === 0 ? checkedClient(paramsOf(entry), bounds) : undefined;
    errors.push(...(checked?.errors ?? []).map(({ message }) => message), ...secretErrors(entry, checked?.metadata));
    found.push(...errors.map((error) => problemOf('oauthClients', `client ${name}: ${error}`)));
    return checked?.metadata && errors.length === 0 ? [clientOf(entry, checked.metadata)] : [];
  });
  return { entries: clients, problems: found };
}

function formErrors(entry: Readonly<Record<string, unknown>>): string[] {
  const errors = Object.keys(entry)
    .filter((field) => !FIELDS.has(field))
    .map((field) => `${field} is not a known property`);
  const must = (holds: boolean, message: string) => void (holds || errors.push(message));
  const { id, name, type, serviceUserId, disabled } = entry;
  must(
    typeof id === 'string' && ID.test(id) && !UUID.test(id),
    'id must have 1 to 100 characters of A-Z a-z 0-9 . _ -, and be no UUID',
  );
  must(typeof name === 'string' && /^[^\p{Cc}\p{Cs}]{1,100}$/u.test(name), 'name must have 1 to 100 characters');
  must(type === 'confidential' || type === 'public', 'type must be confidential or public');
  for (const field of TEXT_LISTS) {
    const { [field]: value = [] } = entry;
    must(Array.isArray(value) && value.every((one) => typeof one === 'string'), `${field} must be a list of texts`);
  }
  for (const field of ['firstParty', 'requirePkce']) must(isFlag(entry[field]), `${field} must be true or false`);
  must(isFlag(disabled), 'disabled must be true or false');
  must(
    serviceUserId === undefined || (typeof serviceUserId === 'string' && UUID.test(serviceUserId)),
    'serviceUserId must be a UUID',
  );
  must(
    entry.defaultResource === undefined || typeof entry.defaultResource === 'string',
    'defaultResource must be a text',
  );
  return errors;
}

function isFlag(value: unknown): boolean {
  return value === undefined || typeof value === 'boolean';
}

function secretErrors(
  { clientSecret, clientSecretHash }: Readonly<Record<string, unknown>>,
  metadata?: Readonly<Record<string, unknown>>,
) {
  if (!metadata) return [];
  const needsOne = /^client_secret_/.test(metadata.token_endpoint_auth_method as string);
  const given = [clientSecret, clientSecretHash].filter((one) => one !== undefined);
  if (!needsOne) return given.length > 0 ? ['clientSecret must be absent: this client does not use one'] : [];
  if (given.length !== 1)
    return ['clientSecret is required, or clientSecretHash: the SHA-256 of the secret, base64url'];
  const isFine = clientSecret === undefined ? test(HASH, clientSecretHash) : test(SECRET, clientSecret);
  return isFine
    ? []
    : ['clientSecret must have 32 to 512 visible characters of ASCII, and clientSecretHash 43 of base64url'];
}

function test(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function paramsOf(entry: Readonly<Record<string, unknown>>): ClientParams {
  return entry as unknown as ClientParams;
}

function clientOf(entry: Readonly<Record<string, unknown>>, metadata: Readonly<Record<string, unknown>>): FileClient {
  const params = paramsOf(entry);
  const { clientSecret, clientSecretHash } = entry as { clientSecret?: string; clientSecretHash?: string };
  const hash = clientSecretHash ?? (clientSecret === undefined ? undefined : hashSecret(clientSecret));
  return {
    id: entry.id as string,
    name: params.name,
    origin: 'file',
    registeredAt: null,
    metadata,
    secretHashes: Object.freeze(hash === undefined ? [] : [Object.freeze({ hash, until: null })]),
    firstParty: params.firstParty ?? false,
    requiresPkce: params.requirePkce ?? true,
    scopes: Object.freeze([...(params.scopes ?? [])]),
    resources: Object.freeze([...(params.resources ?? [])]),
    defaultResource: params.defaultResource ?? null,
    serviceUserId: params.serviceUserId ?? null,
    isDisabled: entry.disabled === true,
  };
}
