import { Injectable } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { oauthOptions } from '../oauth-options.js';
import { documentClient, type OAuthClient } from './oauth-client.js';

const MOST_CHARACTERS = 512;
/** As the library has it: https, a path, nothing that a server could read in two ways. */
const ADDRESS =
  /^https:\/\/[a-z0-9.-]+(:\d{1,5})?\/[A-Za-z0-9\-._~/%!$&'()*+,;=:@]+(\?[A-Za-z0-9\-._~/%!$&'()*+,;=:@?]*)?$/;
const MOST_KEPT = 1_000;

/** Which addresses may be clients by a document there (`OAUTH_CLIENT_DOCUMENTS`). Nothing is fetched here. */
@Injectable()
export class ClientDocuments {
  private readonly mode: 'off' | 'listed' | 'any';
  private readonly hosts: ReadonlySet<string>;
  private readonly kept = new Map<string, OAuthClient>();

  constructor(options: Options) {
    const { oauthClientDocuments, oauthClientDocumentHosts } = options.of(oauthOptions);
    this.mode = oauthClientDocuments;
    this.hosts = new Set(oauthClientDocumentHosts);
  }

  /** The client of that address, if it may be one; whether there is a document has not been asked. */
  find(id: string): OAuthClient | null {
    if (this.mode === 'off' || id.length > MOST_CHARACTERS || !ADDRESS.test(id) || !URL.canParse(id)) return null;
    if (this.mode === 'listed' && !this.hosts.has(new URL(id).host)) return null;
    const known = this.kept.get(id);
    if (known) return known;
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    const client = documentClient(id);
    this.kept.set(id, client);
    return client;
  }
}
