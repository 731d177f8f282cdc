import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Options } from '../../config/options.js';
import { documentClient, type OAuthClient } from '../clients/oauth-client.js';
import { oauthOptions } from '../oauth-options.js';

const KEPT = 1_000;
const LONGEST = 512;

/**
 * Clients that are known by a document at their own address (`OAUTH_CLIENT_DOCUMENTS`), as far as their grants need them: whether there may
 * be such a client at all. What the document says is asked for where a user signs in and a token is issued.
 */
@Injectable()
export class DocumentClients {
  private readonly known = new LRUCache<string, OAuthClient>({ max: KEPT });
  private readonly hosts: readonly string[] | 'any' | null;

  constructor(options: Options) {
    const { oauthClientDocuments, oauthClientDocumentHosts } = options.of(oauthOptions);
    const listed = oauthClientDocuments === 'listed' ? oauthClientDocumentHosts : null;
    this.hosts = oauthClientDocuments === 'any' ? 'any' : listed;
  }

  /** Null where the id is no such address, or documents at it are not taken any more. Never asks. */
  find(id: string): OAuthClient | null {
    if (this.hosts === null || !id.startsWith('https://') || id.length > LONGEST) return null;
    const before = this.known.get(id);
    if (before) return before;
    const url = URL.canParse(id) ? new URL(id) : null;
    if (url === null || (this.hosts !== 'any' && !this.hosts.includes(url.host))) return null;
    const client = documentClient(id);
    this.known.set(id, client);
    return client;
  }
}
