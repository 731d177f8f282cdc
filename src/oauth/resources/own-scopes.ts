import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { SCOPES } from '../../http/api-docs.js';
import { OIDC_SCOPES } from './oauth-resource.js';

/** The scopes that the routes of this application ask for by `@Scopes()`. */
@Injectable()
export class OwnScopes {
  private found: ReadonlySet<string> | undefined;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** Once the application has started: all its controllers are known then. */
  all(): ReadonlySet<string> {
    this.found ??= new Set(this.search().filter((scope) => !OIDC_SCOPES.includes(scope)));
    return this.found;
  }

  private search(): string[] {
    const places = [...this.discovery.getControllers(), ...this.discovery.getProviders()].flatMap(({ metatype }) => {
      if (typeof metatype !== 'function' || !metatype.prototype) return [];
      const handlers = this.scanner.getAllMethodNames(metatype.prototype).map((name) => metatype.prototype[name]);
      return [metatype, ...handlers];
    });
    return places.flatMap((place) => (Reflect.getMetadata(SCOPES, place) as string[] | undefined) ?? []);
  }
}
