import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditSink } from '../../audit/audit-sink.js';
import { AUTH_DATA_SOURCE } from '../../database/auth-data-source.js';
import { AuthError, type FieldError } from '../../kernel/auth-error.js';
import { Clock } from '../../kernel/clock.js';
import { Revocations } from '../../revocation/revocations.js';
import { audited } from '../../security/actor.js';
import { ActorsInForce } from '../../security/actors-in-force.js';
import type { ClientActor } from '../clients/client-actor.js';
import { OAuthClients } from '../clients/oauth-clients.js';
import { OAuthResourceEntity } from './oauth-resource.entity.js';
import type { OAuthResource } from './oauth-resource.js';
import { OAuthResources, RESOURCES_CHANGED } from './oauth-resources.js';
import { describedBy } from './resource-file.js';
import { type ResourceParams, resourceErrors } from './resource-rules.js';
import { resourceUriProblem } from './resource-uri.js';

/** So many are kept in memory on every node. */
const MOST_RESOURCES = 1_000;

/** Describes APIs for admins. A scope that is taken from one is refused on every node when the call returns. */
@Injectable()
export class OAuthResourceAdmin {
  constructor(
    @Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly resources: OAuthResources,
    private readonly clients: OAuthClients,
    private readonly actors: ActorsInForce,
    private readonly revocations: Revocations,
    private readonly audit: AuditSink,
    private readonly clock: Clock,
  ) {}

  /**
   * Describes an API, in the place of what was said of it before.
   *
   * @throws AuthError `validation_failed`; `conflict` for one of the options' file, and when there are 1,000
   */
  async save(uri: string, params: ResourceParams, by: ClientActor): Promise<OAuthResource> {
    await this.assertFits(uri, params);
    const described = describedBy(uri, params);
    const { name, accessTokenSeconds, operatorClientId } = described;
    await this.changing(async (tx) => {
      await this.actors.assert(by, tx);
      await this.assertRoom(uri, tx);
      await tx.query(
        `INSERT INTO coatcheck.oauth_resources (uri, name, scopes, access_token_seconds, operator_client_id, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (uri) DO UPDATE SET name = excluded.name, scopes = excluded.scopes,
           access_token_seconds = excluded.access_token_seconds, operator_client_id = excluded.operator_client_id`,
        [uri, name, JSON.stringify(described.scopes), accessTokenSeconds, operatorClientId, this.clock.now()],
      );
      const details = { resource: uri, scopes: Object.keys(described.scopes) };
      await this.audit.record({ type: 'oauth.resource.saved', userId: null, ...details, ...audited(by) }, tx);
    });
    return (await this.resources.find(uri))!;
  }

  /** @throws AuthError `not_found`; `conflict` for one of the options' file */
  async remove(uri: string, by: ClientActor): Promise<void> {
    this.assertNotOfFile(uri);
    // What no one can have described, the database is not asked for.
    if (resourceUriProblem(uri) !== null) throw noSuchResource();
    await this.changing(async (tx) => {
      await this.actors.assert(by, tx);
      const { affected } = await tx.delete(OAuthResourceEntity, { uri });
      if (!affected) throw noSuchResource();
      const event = { type: 'oauth.resource.deleted' as const, resource: uri, userId: null };
      await this.audit.record({ ...event, ...audited(by) }, tx);
    });
  }

  private async assertFits(uri: string, params: ResourceParams): Promise<void> {
    const problem = resourceUriProblem(uri);
    const errors: FieldError[] =
      problem === null ? [] : [{ field: 'uri', rule: 'isResource', message: `uri ${problem}` }];
    errors.push(...resourceErrors({ ...params }));
    const { operatorClientId = null } = params;
    if (errors.length === 0 && operatorClientId !== null && !(await this.clients.find(operatorClientId)))
      errors.push({
        field: 'operatorClientId',
        rule: 'isClient',
        message: 'operatorClientId must be the id of a client',
      });
    if (errors.length > 0) throw new AuthError('validation_failed', { reason: 'unfit_resource', errors });
    this.assertNotOfFile(uri);
  }

  private assertNotOfFile(uri: string): void {
    if (this.resources.isOfFile(uri)) throw new AuthError('conflict', { reason: 'resource_of_the_file' });
  }

  private async assertRoom(uri: string, tx: EntityManager): Promise<void> {
    const [{ count }] = await tx.query(
      'SELECT count(*)::integer AS count FROM coatcheck.oauth_resources WHERE uri <> $1',
      [uri],
    );
    if (count >= MOST_RESOURCES) throw new AuthError('conflict', { reason: 'too_many_resources' });
  }

  /** `change`, announced in its transaction; returns when no node answers from before it. */
  private async changing(change: (tx: EntityManager) => Promise<void>): Promise<void> {
    try {
      await this.dataSource.transaction(async (tx) => {
        await change(tx);
        await this.revocations.announce([RESOURCES_CHANGED], tx);
      });
    } catch (error) {
      // Another caller may have deleted it just now: "there is none" is answered only once that holds on every node.
      if (error instanceof AuthError && error.code === 'not_found') await this.revocations.confirm([]);
      throw error;
    }
    await this.revocations.settle([RESOURCES_CHANGED]);
  }
}

export function noSuchResource(): AuthError {
  return new AuthError('not_found', { reason: 'no_such_resource' });
}
