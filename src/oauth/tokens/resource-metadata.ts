import { Injectable } from '@nestjs/common';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { ProtectedResources } from '../resources/protected-resources.js';
import { DPOP_ALGORITHMS } from './dpop-proofs.js';

/** RFC 9728 §2. */
export interface ResourceMetadataDocument {
  readonly resource: string;
  readonly resource_name?: string;
  readonly authorization_servers: readonly string[];
  readonly scopes_supported: readonly string[];
  readonly bearer_methods_supported: readonly string[];
  readonly dpop_signing_alg_values_supported: readonly string[];
}

/** How the resources of this origin describe themselves to clients that know only their address. @see RFC 9728 §3 */
@Injectable()
export class ResourceMetadata {
  private readonly base: string;
  private readonly issuer: string;

  constructor(
    private readonly own: ProtectedResources,
    private readonly resources: OAuthResources,
    options: Options,
  ) {
    const { publicUrl } = options.of(coreOptions);
    this.base = publicUrl.replace(/\/$/, '');
    this.issuer = new URL(publicUrl).origin;
  }

  /**
   * @param path of the resource below `PUBLIC_URL`, with a slash before it, or empty
   * @returns null when there is no such resource
   */
  async of(path: string): Promise<ResourceMetadataDocument | null> {
    const uri = this.base + path.replace(/\/$/, '');
    const found = await this.resources.find(uri);
    if (!found) return null;
    const name = found.name === uri ? (this.own.find(uri)?.name ?? null) : found.name;
    return {
      resource: uri,
      ...(name !== null && { resource_name: name }),
      authorization_servers: [this.issuer],
      scopes_supported: Object.keys(found.scopes),
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: DPOP_ALGORITHMS,
    };
  }
}
