import { Injectable } from '@nestjs/common';
import { AuthError } from '../../kernel/auth-error.js';
import { type ClientMetadata, type ClientOrigin, documentClient, type OAuthClient } from '../clients/oauth-client.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { DocumentClients } from '../grants/document-clients.js';
import { OAuthProvider } from '../provider/oauth-provider.js';
import type { OAuthResource } from '../resources/oauth-resource.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { OAuthScopes } from '../resources/oauth-scopes.js';
import { type AskedScopes, askedScopes } from './asked-scopes.js';

/** A client as people are told of it. */
export interface InteractionClient {
  readonly id: string;
  readonly name: string;
  /** Host that it is known by; null: none that it could not have made up. */
  readonly host: string | null;
  /** Whether it has described itself, and no admin here has checked it. */
  readonly isSelfRegistered: boolean;
  /** When it did; null: it has not, or is known by a document of its own. */
  readonly registeredAt: Date | null;
  readonly isNative: boolean;
  readonly client: OAuthClient;
}

/** Whose request it is, and what of it tells which APIs it is for. */
interface AskedIn {
  readonly params: Readonly<Record<string, unknown>>;
  readonly details: Readonly<Record<string, unknown>>;
}

const CHECKED: ReadonlySet<ClientOrigin> = new Set(['admin', 'file']);

/** The clients behind interactions, and what they ask. */
@Injectable()
export class InteractionClients {
  constructor(
    private readonly clients: OAuthClients,
    private readonly documents: DocumentClients,
    private readonly provider: OAuthProvider,
    private readonly resources: OAuthResources,
    private readonly scopes: OAuthScopes,
  ) {}

  /** @throws AuthError `not_found` for one that is gone or disabled since it asked */
  async of({ client_id }: Readonly<Record<string, unknown>>): Promise<InteractionClient> {
    const found = typeof client_id === 'string' ? await this.find(client_id) : null;
    if (found === null || found.isDisabled) throw new AuthError('not_found', { reason: 'client_is_gone' });
    return shown(found);
  }

  /** @param mayHold whether the user may hand out a scope of an API */
  async askedBy(
    { client }: InteractionClient,
    { params, details }: AskedIn,
    mayHold: (scope: string) => boolean,
  ): Promise<AskedScopes> {
    const missing = Object.keys((details.missingResourceScopes ?? {}) as object);
    const named = [params.resource ?? client.defaultResource ?? []].flat().filter((uri) => typeof uri === 'string');
    const found = await Promise.all([...new Set([...missing, ...named])].map((uri) => this.resources.find(uri)));
    const known = found.filter((one): one is OAuthResource => one !== null);
    const resources = known.map((resource) => ({
      resource,
      available: new Set(this.scopes.offered(client, resource)),
    }));
    return askedScopes({ scope: params.scope, resources, mayHold });
  }

  /** One that is known by its own document has no entry here. */
  private async find(id: string): Promise<OAuthClient | null> {
    const registered = await this.clients.find(id);
    if (registered !== null || this.documents.find(id) === null) return registered;
    const library = await this.provider.current();
    const described = await library.Client.find(id).catch(() => undefined);
    if (described === undefined) return null;
    return documentClient(id, { name: described.clientName, metadata: described.metadata() as ClientMetadata });
  }
}

function shown(client: OAuthClient): InteractionClient {
  const { id, name, registeredAt, isNative, origin } = client;
  return { id, name, registeredAt, isNative, client, host: hostOf(client), isSelfRegistered: !CHECKED.has(origin) };
}

/** Of one that registered itself, whatever it says of itself proves nothing. */
function hostOf({ id, origin, metadata }: OAuthClient): string | null {
  if (origin === 'document') return new URL(id).host;
  const { client_uri: uri } = metadata;
  return CHECKED.has(origin) && typeof uri === 'string' && URL.canParse(uri) ? new URL(uri).host : null;
}
