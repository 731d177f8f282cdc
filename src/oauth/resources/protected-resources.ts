import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { PROTECTED_RESOURCE, type ResourceRule } from '../../access/resource-rule.js';
import { coreOptions } from '../../config/core-options.js';
import { Options } from '../../config/options.js';
import { SCOPES } from '../../http/api-docs.js';
import { OIDC_SCOPES } from './oauth-resource.js';

/** A resource that is routes of this application. */
export interface OwnResource {
  /** `PUBLIC_URL` and its path. */
  readonly uri: string;
  /** Below `PUBLIC_URL`, with a slash before it; `''`: all routes that belong to no other. */
  readonly path: string;
  /** Null: not configured. */
  readonly name: string | null;
  /** All that its routes ask for; of the origin also `openid`, by which a client reads who its user is (`GET /auth/me`). */
  readonly scopes: readonly string[];
}

interface Found {
  name: string | null;
  readonly scopes: Set<string>;
}

/** The resources within this application: what `@ProtectedResource()` names, and its origin with all other routes. */
@Injectable()
export class ProtectedResources {
  private readonly base: string;
  private found: ReadonlyMap<string, OwnResource> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    options: Options,
  ) {
    this.base = options.of(coreOptions).publicUrl.replace(/\/$/, '');
  }

  /** The origin first. Once the application has started: all its controllers are known then. */
  all(): readonly OwnResource[] {
    return [...this.byUri().values()];
  }

  find(uri: string): OwnResource | null {
    return this.byUri().get(uri) ?? null;
  }

  private byUri(): ReadonlyMap<string, OwnResource> {
    this.found ??= this.search();
    return this.found;
  }

  private search(): ReadonlyMap<string, OwnResource> {
    const byPath = new Map<string, Found>([['', { name: null, scopes: new Set() }]]);
    for (const { rule, scopes } of this.places()) {
      const { path = '', name = null, scopes: atFirst = [] } = rule ?? {};
      const found = byPath.get(path) ?? { name: null, scopes: new Set() };
      found.name ??= name;
      for (const scope of [...atFirst, ...scopes]) found.scopes.add(scope);
      byPath.set(path, found);
    }
    return new Map([...byPath].map(([path, found]) => [this.base + path, this.resource(path, found)]));
  }

  private resource(path: string, { name, scopes }: Found): OwnResource {
    const ofApi = [...scopes].filter((scope) => !OIDC_SCOPES.includes(scope)).sort();
    const all = path === '' ? [...ofApi, 'openid'] : ofApi;
    return Object.freeze({ uri: this.base + path, path, name, scopes: Object.freeze(all) });
  }

  /** Every handler, of whatever edge, with what is said of it or of its class. */
  private places(): { rule: ResourceRule | undefined; scopes: readonly string[] }[] {
    return [...this.discovery.getControllers(), ...this.discovery.getProviders()].flatMap(({ metatype }) => {
      if (typeof metatype !== 'function' || !metatype.prototype) return [];
      return this.scanner.getAllMethodNames(metatype.prototype).map((name) => {
        const places = [metatype.prototype[name] as object, metatype];
        return { rule: said<ResourceRule>(PROTECTED_RESOURCE, places), scopes: said<string[]>(SCOPES, places) ?? [] };
      });
    });
  }
}

/** As the guard reads it: a handler has the last word. */
function said<T>(key: string, places: readonly object[]): T | undefined {
  return places.map((place) => Reflect.getMetadata(key, place) as T | undefined).find((one) => one !== undefined);
}
