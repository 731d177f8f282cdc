import { Inject, Injectable, type InjectionToken, type OnModuleInit, Scope } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ConfigurationError } from './configuration-error.js';

/** DI token of the tokens of every part, the application's own replacements included. */
export const PARTS = Symbol('coatcheck.parts');

/**
 * Refuses a start with a part that would be made anew for each request: timers and other nodes call most parts, where there is no
 * request, and Nest would never start them.
 */
@Injectable()
export class StaticPartsCheck implements OnModuleInit {
  constructor(
    private readonly moduleRef: ModuleRef,
    @Inject(PARTS) private readonly replaced: readonly InjectionToken[],
  ) {}

  onModuleInit(): void {
    const scoped = this.replaced.filter((token) => this.moduleRef.introspect(token as string).scope === Scope.REQUEST);
    if (scoped.length === 0) return;
    throw new ConfigurationError(
      scoped.map((token) => ({
        option: 'providers',
        problem: `has a request-scoped class for ${nameOf(token)}, or one that depends on something request-scoped`,
        remedy:
          'make it a singleton: Coatcheck also calls it when there is no request; read what belongs to a request from an AsyncLocalStorage',
      })),
    );
  }
}

function nameOf(token: InjectionToken): string {
  return typeof token === 'function' ? token.name : String(token);
}
