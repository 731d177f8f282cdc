import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConfigurationError } from '../../config/configuration-error.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { type CredentialView, CredentialViews, type Kept } from '../../revocation/credential-view.js';
import type { Announcement } from '../../revocation/revocation-feed.js';
import { isOAuthOn, oauthOptions } from '../oauth-options.js';
import { OAuthResourceEntity } from './oauth-resource.entity.js';
import type { OAuthResource, ResourceDescription } from './oauth-resource.js';
import { type OwnResource, ProtectedResources } from './protected-resources.js';
import { readResourceFile } from './resource-file.js';

/** All APIs at once: they are few, and change seldom. */
interface AllResources extends Kept {
  readonly byUri: ReadonlyMap<string, OAuthResource>;
}

/** The announcement that follows every change of an API: every grant with a scope of it is judged anew. */
export const RESOURCES_CHANGED: Announcement = { subject: 'key:oauth-resources', kind: 'changed' };

const ALL = 'all';

/**
 * The APIs that tokens are issued for: those of the table, of `OAUTH_RESOURCES`, and this application's own, whose scopes are those
 * that its routes ask for. Of one URI the file is believed before the table. Answered from this node's view.
 */
@Injectable()
export class OAuthResources {
  /** The URI of this application itself. */
  readonly ownUri: string;
  private readonly view: CredentialView<AllResources>;
  private readonly ofFile: readonly ResourceDescription[];
  private readonly seconds: number;

  /** @throws ConfigurationError for a file that cannot be read or has mistakes */
  constructor(
    views: CredentialViews,
    options: Options,
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly applications: ProtectedResources,
  ) {
    const { oauthResources, oauthAccessTokenSeconds } = options.of(oauthOptions);
    this.view = views.createView(1, true);
    this.ownUri = options.of(coreOptions).publicUrl.replace(/\/$/, '');
    this.seconds = oauthAccessTokenSeconds;
    const isRead = oauthResources !== undefined && isOAuthOn(options);
    const { entries, problems } = isRead ? readResourceFile(oauthResources) : { entries: [], problems: [] };
    if (problems.length > 0) throw new ConfigurationError(problems);
    this.ofFile = entries;
  }

  /** Null when there is no such API. Answers without a promise when this node knows it for certain. */
  find(uri: string): OAuthResource | null | Promise<OAuthResource | null> {
    const known = this.known();
    if (known) return known.get(uri) ?? null;
    return this.load().then(({ byUri }) => byUri.get(uri) ?? null);
  }

  /** All of them by URI, the same object until one has changed; undefined unless this node knows them for certain. */
  known(): ReadonlyMap<string, OAuthResource> | undefined {
    return this.view.peek(ALL)?.byUri;
  }

  /** This application's own first, then by URI. */
  async all(): Promise<readonly OAuthResource[]> {
    const byUri = this.known() ?? (await this.load()).byUri;
    return [...byUri.values()];
  }

  /** Whether the options' file describes it, so that no route can change it. */
  isOfFile(uri: string): boolean {
    return this.ofFile.some((one) => one.uri === uri);
  }

  private load(): Promise<AllResources> {
    return this.view.load(ALL, async () => {
      const rows = await this.dataSource.manager.find(OAuthResourceEntity, { order: { uri: 'ASC' } });
      const described = new Map<string, OAuthResource>();
      for (const row of rows) described.set(row.uri, this.resource(row, 'admin'));
      for (const one of this.ofFile) described.set(one.uri, this.resource(one, 'file'));
      const own = this.applications.all().map((one) => this.own(one, described.get(one.uri)));
      const byUri = new Map([...own, ...described.values()].map((one) => [one.uri, one]));
      // Which scopes there are, the routes say: what is described comes second.
      for (const one of own) byUri.set(one.uri, one);
      return { subjects: [RESOURCES_CHANGED.subject], byUri };
    });
  }

  /** A description adds words and a life; which scopes there are, the routes say. */
  private own({ uri, name: said, scopes: asked }: OwnResource, described: OAuthResource | undefined): OAuthResource {
    const scopes = asked.map((scope) => [scope, wordsOf(described, scope)]);
    const { accessTokenSeconds = this.seconds, operatorClientId = null } = described ?? {};
    const name = described?.name ?? said ?? uri;
    const words = Object.freeze(Object.fromEntries(scopes));
    return Object.freeze({ uri, name, scopes: words, accessTokenSeconds, operatorClientId, origin: 'own' });
  }

  private resource({ uri, name, scopes, ...said }: ResourceDescription, origin: 'admin' | 'file'): OAuthResource {
    const accessTokenSeconds = said.accessTokenSeconds ?? this.seconds;
    const { operatorClientId } = said;
    return Object.freeze({
      uri,
      name,
      scopes: Object.freeze({ ...scopes }),
      accessTokenSeconds,
      operatorClientId,
      origin,
    });
  }
}

function wordsOf(described: OAuthResource | undefined, scope: string): string {
  return described && Object.hasOwn(described.scopes, scope) ? described.scopes[scope]! : '';
}
