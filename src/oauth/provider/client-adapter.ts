import { randomBytes } from 'node:crypto';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { OAuthClients } from '../clients/oauth-clients.js';

/** In the place of a secret that only its hash is known of: the library wants one to be there. Differs from process to process. */
const NO_SECRET = randomBytes(32).toString('base64url');
const BY_SECRET: readonly unknown[] = ['client_secret_basic', 'client_secret_post', undefined];

/** Clients as they are in this node's view. They are made and changed elsewhere. */
export class ClientAdapter implements Adapter {
  constructor(private readonly clients: OAuthClients) {}

  async find(id: string): Promise<AdapterPayload | undefined> {
    const client = await this.clients.find(id);
    // What describes itself by a document, the library fetches by our rules.
    if (client === null || client.isDisabled || client.origin === 'document') return undefined;
    const { metadata } = client;
    const secret = BY_SECRET.includes(metadata.token_endpoint_auth_method) && { client_secret: NO_SECRET };
    // The library writes thumbprints of certificates into the keys that it is given.
    const { jwks } = metadata;
    const keys = jwks !== undefined && { jwks: structuredClone(jwks) };
    return { client_id: client.id, ...secret, ...metadata, ...keys } as AdapterPayload;
  }

  async upsert(): Promise<void> {}
  async destroy(): Promise<void> {}
  async consume(): Promise<void> {}
  async findByUid(): Promise<undefined> {}
  async findByUserCode(): Promise<undefined> {}
  async revokeByGrantId(): Promise<void> {}
}
