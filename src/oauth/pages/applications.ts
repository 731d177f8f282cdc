import { Injectable } from '@nestjs/common';
import { GrantLists, type ListedConsent, type ListedGrant } from '../grants/grant-lists.js';
import { OPENID, type ScopesByResource, scopesIn } from '../grants/grant-payload.js';
import { GrantedClientReply } from '../grants/grants.replies.js';
import { saidOfScope, wordOfScope } from '../interactions/asked-words.js';
import { OIDC_SCOPES } from '../resources/oauth-resource.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import type { ShownApp } from './apps.template.js';

/** Grants of one page of the list. */
const AT_ONCE = 100;
/** A user has far fewer; of one client at most 100. */
const MOST_PAGES = 5;

/** The applications that have access to an account, or had it and may get it again without a question: each once. */
@Injectable()
export class Applications {
  constructor(
    private readonly lists: GrantLists,
    private readonly resources: OAuthResources,
  ) {}

  /** Those with access first, then by name. */
  async of(userId: string): Promise<ShownApp[]> {
    const grants = new Map<string, ListedGrant[]>();
    for (const one of await this.grantsOf(userId)) {
      const ofClient = grants.get(one.client.id) ?? [];
      grants.set(one.client.id, [...ofClient, one]);
    }
    const consents = new Map((await this.lists.consentsOf(userId)).map((one) => [one.consent.clientId, one]));
    const ids = [...new Set([...grants.keys(), ...consents.keys()])];
    const apps = await Promise.all(ids.map((id) => this.app(id, grants.get(id) ?? [], consents.get(id))));
    return apps.sort(
      (one, other) => Number(other.isActive) - Number(one.isActive) || one.name.localeCompare(other.name),
    );
  }

  private async grantsOf(userId: string): Promise<ListedGrant[]> {
    const all: ListedGrant[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await this.lists.grantsOf(userId, after, AT_ONCE);
      all.push(...page.grants);
      after = page.next;
      if (after === null) break;
    }
    return all;
  }

  private async app(clientId: string, grants: readonly ListedGrant[], given?: ListedConsent): Promise<ShownApp> {
    const client = grants[0]?.client ?? given?.client ?? null;
    const shown = client && GrantedClientReply.of(client);
    const held = grants.map(({ grant }) => scopesIn(grant.payload));
    const starts = grants.map(({ grant }) => grant.createdAt.getTime());
    const uses = grants.flatMap(({ grant }) => grant.lastUsedAt?.getTime() ?? []);
    const since = Math.min(...starts, ...(given ? [given.consent.givenAt.getTime()] : []));
    return {
      clientId,
      name: client?.name ?? clientId,
      host: shown?.host ?? null,
      returnsTo: shown?.redirectHosts.filter((host) => host !== shown.host) ?? [],
      registeredAt: shown?.registeredAt ?? null,
      scopes: await this.said(held.length > 0 ? held : [given!.consent.scopes]),
      since: new Date(since),
      lastUsedAt: uses.length > 0 ? new Date(Math.max(...uses)) : null,
      isOffline: grants.some(({ grant }) => grant.sessionId === null),
      isActive: grants.length > 0,
    };
  }

  private async said(all: readonly ScopesByResource[]): Promise<ShownApp['scopes']> {
    const ofOpenId = new Set(all.flatMap((scopes) => scopes[OPENID] ?? []));
    const known = OIDC_SCOPES.filter((scope) => ofOpenId.has(scope));
    const said = known.map((name) => ({ name, word: wordOfScope(name), text: null }));
    const uris = [...new Set(all.flatMap((scopes) => Object.keys(scopes)))].filter((uri) => uri !== OPENID);
    const ofApis = await Promise.all(
      uris.map(async (uri) => {
        const resource = await this.resources.find(uri);
        const names = [...new Set(all.flatMap((scopes) => scopes[uri] ?? []))];
        return names
          .filter((name) => resource?.scopes[name] || !known.includes(name))
          .map((name) => ({ name, ...saidOfScope(resource, name) }));
      }),
    );
    return [...said, ...ofApis.flat()];
  }
}
