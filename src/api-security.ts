import { type INestApplicationContext, RequestMethod, type Type } from '@nestjs/common';
import { GUARDS_METADATA, HTTP_CODE_METADATA, METHOD_METADATA } from '@nestjs/common/constants.js';
import { ApplicationConfig, MetadataScanner, ModulesContainer } from '@nestjs/core';
import type { DocumentBuilder } from '@nestjs/swagger';
import { AuthGuard } from './access/auth.guard.js';
import { openingOf } from './access/opening.js';
import { OPTIONAL_AUTH } from './access/public.decorator.js';
import { STRATEGY_CLASSES, type TicketStrategy } from './access/ticket-strategy.js';
import { coreOptions, isSecureOrigin } from './config/core-options.js';
import { Options } from './config/options.js';
import { alternativesFor, problems, SCOPES, SWAGGER_KEYS } from './http/api-docs.js';
import { AUTH_ROUTES } from './http/coatcheck-route.js';
import { ProblemDetails } from './http/problem-details.js';
import { builtInPlugins } from './plugins.js';

type StrategyClass = typeof TicketStrategy;

/**
 * Adds the security schemes of tickets to your own OpenAPI document. With the application it also says of each of your guarded routes what opens it
 * (`security`) and its 401 and 403, unless you have said so yourself. Call it before `SwaggerModule.createDocument`.
 *
 * @param app absent: the schemes only, those of the built-in strategies, with cookies named as on https
 * @returns the same builder
 * @example
 * const builder = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle('Shop'); // 3.0 knows no client certificates
 * const config = addCoatcheckSecurity(builder, app).build();
 * SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config));
 */
export function addCoatcheckSecurity(builder: DocumentBuilder, app?: INestApplicationContext): DocumentBuilder {
  const builtIn = builtInPlugins.flatMap(({ strategies = {} }) =>
    Object.values(strategies),
  ) as unknown as StrategyClass[];
  const strategies = app?.get<readonly StrategyClass[]>(STRATEGY_CLASSES, { strict: false }) ?? builtIn;
  const isSecure = app === undefined || isSecureOrigin(app.get(Options, { strict: false }).of(coreOptions));
  for (const strategy of strategies) {
    const schemes = Object.entries(strategy.securitySchemes(isSecure));
    for (const [name, scheme] of schemes) builder.addSecurity(name, scheme as never);
  }
  if (app) describeGuardedRoutes(app);
  return builder;
}

function describeGuardedRoutes(app: INestApplicationContext): void {
  const guards = app.get(ApplicationConfig, { strict: false }).getGlobalGuards();
  const isGlobal = guards.some((guard) => guard instanceof AuthGuard);
  const modules = [...app.get(ModulesContainer, { strict: false }).values()];
  const controllers = modules.flatMap((module) =>
    [...module.controllers.values()].map(({ metatype }) => metatype as Type),
  );
  for (const controller of controllers) {
    if (Reflect.getMetadata(AUTH_ROUTES, controller) === true) continue;
    for (const name of new MetadataScanner().getAllMethodNames(controller.prototype)) {
      const handler: object = controller.prototype[name];
      if (Reflect.hasMetadata(METHOD_METADATA, handler) && isGuarded(handler, controller, isGlobal))
        describeGuarded(handler, controller);
    }
  }
}

function isGuarded(handler: object, controller: Type, isGlobal: boolean): boolean {
  if (openingOf(handler, controller) === 'public') return false;
  if (isGlobal) return true;
  const guards = [handler, controller].flatMap((place) => Reflect.getMetadata(GUARDS_METADATA, place) ?? []);
  return guards.some((guard) => guard === AuthGuard || guard.prototype instanceof AuthGuard);
}

function describeGuarded(handler: object, controller: Type): void {
  const { security, response, extraModels } = SWAGGER_KEYS;
  const places = [handler, controller];
  const isOptional = openingOf(handler, controller) === 'optional';
  const isOpenedAbove = Reflect.getMetadata(OPTIONAL_AUTH, controller) === true;
  if (isOptional || isOpenedAbove || !places.some((place) => Reflect.hasMetadata(security, place))) {
    const scopes = places.map((place) => Reflect.getMetadata(SCOPES, place)).find((said) => said !== undefined);
    // An empty requirement beside others makes them optional.
    Reflect.defineMetadata(security, [...alternativesFor(scopes), ...(isOptional ? [{}] : [])], handler);
  }
  // Once anything is said of the replies, none is inferred.
  const own: object = Reflect.getMetadata(response, handler) ?? inferredReply(handler);
  const refusals = problems(['unauthenticated', 'token_expired', 'session_ended', 'forbidden']);
  Reflect.defineMetadata(response, { ...refusals, ...own }, handler);
  const models: unknown[] = Reflect.getMetadata(extraModels, handler) ?? [];
  if (!models.includes(ProblemDetails)) Reflect.defineMetadata(extraModels, [...models, ProblemDetails], handler);
}

/** As `@nestjs/swagger` has it where nothing is said. */
function inferredReply(handler: object): object {
  const isPost = Reflect.getMetadata(METHOD_METADATA, handler) === RequestMethod.POST;
  const status: number = Reflect.getMetadata(HTTP_CODE_METADATA, handler) ?? (isPost ? 201 : 200);
  return { [status]: { description: '' } };
}
