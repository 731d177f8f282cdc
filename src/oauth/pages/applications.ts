import { Injectable } from '@nestjs/common';
import { cursorOf, partsIn } from '../../http/page-cursor.js';
import { GRANTS_PER_USER } from '../grants/grant-creation.js';
import { GrantLists, type GrantPage, type ListedConsent, type ListedGrant } from '../grants/grant-lists.js';
import { OPENID, type ScopesByResource, scopesIn } from '../grants/grant-payload.js';
import { GrantedClientReply } from '../grants/grants.replies.js';
import { saidOfScope, wordOfScope } from '../interactions/asked-words.js';
import { OIDC_SCOPES } from '../resources/oauth-resource.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import type { ShownApp } from './apps.template.js';

/** Grants that are read together. */
const AT_ONCE = 500;
/** Applications of one page. */
const SHOWN = 100;

/** One page of a user's applications. */
export interface ApplicationsPage {
  readonly apps: readonly ShownApp[];
  readonly isFirst: boolean;
  /** Cursor of the next page; null: this is the last. */
  readonly next: string | null;
}

/** The applications that have access to an account, or had it and may get it again without a question: each once. */
@Injectable()
export class Applications {
  constructor(
    private readonly lists: GrantLists,
    private readonly resources: OAuthResources,
  ) {}

  /**
   * Those with access first, then by name.
   *
   * @throws AuthError `validation_failed` for a cursor that is none
   */
  async of(userId: string, cursor?: string): Promise<ApplicationsPage> {
    const from = Number(partsIn(cursor, ['count'])?.[0] ?? 0);
    const grants = new Map<string, ListedGrant[]>();
    for (const one of await this.grantsOf(userId)) {
      const ofClient = grants.get(one.client.id);
      if (ofClient) ofClient.push(one);
      else grants.set(one.client.id, [one]);
    }
    const given = await this.lists.consentsOf(userId, GRANTS_PER_USER);
    const consents = new Map(given.map((one) => [one.consent.clientId, one]));
    const ids = [...new Set([...grants.keys(), ...consents.keys()])];
    const apps = await Promise.all(ids.map((id) => this.app(id, grants.get(id) ?? [], consents.get(id))));
    apps.sort(
      (one, other) =>
        Number(other.isActive) - Number(one.isActive) ||
        one.name.localeCompare(other.name) ||
        one.clientId.localeCompare(other.clientId),
    );
    const to = from + SHOWN;
    return { apps: apps.slice(from, to), isFirst: from === 0, next: apps.length > to ? cursorOf(to) : null };
  }

  /** All: a user has {@link GRANTS_PER_USER} at most. */
  private async grantsOf(userId: string): Promise<ListedGrant[]> {
    const all: ListedGrant[] = [];
    let page: GrantPage | undefined;
    do {
      page = await this.lists.grantsOf(userId, page?.next ?? null, AT_ONCE);
      all.push(...page.grants);
    } while (page.next !== null);
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
