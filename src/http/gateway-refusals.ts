import { Injectable } from '@nestjs/common';
import { EXCEPTION_FILTERS_METADATA } from '@nestjs/common/constants.js';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { AuthErrorFilter } from './auth-error.filter.js';
import { Challenges } from './challenges.js';

/** Of `@nestjs/websockets`, which is not imported: a host need not have it. */
const IS_GATEWAY = 'websockets:is_gateway';

/**
 * Nest asks global guards about the messages of gateways, but not global filters: so every gateway is given the filter for what
 * Coatcheck throws, below those of its own. Before the gateways are bound, which is before any hook.
 */
@Injectable()
export class GatewayRefusals {
  constructor(modules: ModulesContainer, adapterHost: HttpAdapterHost, challenges: Challenges) {
    const filter = new AuthErrorFilter(adapterHost, challenges);
    for (const { providers } of modules.values()) {
      for (const { metatype } of providers.values()) {
        if (typeof metatype !== 'function' || !Reflect.hasMetadata(IS_GATEWAY, metatype)) continue;
        const own: unknown[] = Reflect.getMetadata(EXCEPTION_FILTERS_METADATA, metatype) ?? [];
        // The class may have been given one by another application of this process.
        const others = own.filter((one) => !(one instanceof AuthErrorFilter));
        Reflect.defineMetadata(EXCEPTION_FILTERS_METADATA, [filter, ...others], metatype);
      }
    }
  }
}
