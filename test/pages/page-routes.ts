import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import { getMetadataStorage } from 'class-validator';
import { PAGE_AREA } from '../../src/pages/page-controller-metadata.js';
import type { PagesUnderTest } from './boot-pages.js';

/** A route of a page. */
export interface PageRoute {
  readonly method: 'GET' | 'POST';
  /** With parameters such as `:id`. */
  readonly path: string;
  /** What the classes of its parameters have: of the form, the query and the path. */
  readonly fields: readonly string[];
}

/** Every route of every page that the service has, with `PAGES_PATH` empty. */
export function pageRoutes({ app }: PagesUnderTest): PageRoute[] {
  const modules = [...app.app.get(ModulesContainer).values()];
  const controllers = modules.flatMap(({ controllers: all }) => [...all.values()].map(({ metatype }) => metatype));
  const routes = controllers.flatMap((controller) =>
    controller && Reflect.hasMetadata(PAGE_AREA, controller) ? routesOf(controller as Type) : [],
  );
  // By the options, some handlers are no routes.
  return routes.filter(({ method }) => method !== undefined);
}

function routesOf(controller: Type): PageRoute[] {
  const base = Reflect.getMetadata(PATH_METADATA, controller) as string;
  return handlersOf(controller.prototype).map((name) => {
    const handler = controller.prototype[name];
    const path = `/${base}/${Reflect.getMetadata(PATH_METADATA, handler)}`
      .replace(/\/+/g, '/')
      .replace(/(?<=.)\/$/, '');
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)] as PageRoute['method'];
    return { method, path, fields: fieldsOf(controller, name) };
  });
}

function handlersOf(prototype: object): string[] {
  if (prototype === Object.prototype) return [];
  const own = Object.getOwnPropertyNames(prototype).filter((name) => {
    const { value } = Object.getOwnPropertyDescriptor(prototype, name)!;
    return typeof value === 'function' && Reflect.hasMetadata(METHOD_METADATA, value);
  });
  return [...new Set([...own, ...handlersOf(Object.getPrototypeOf(prototype))])];
}

function fieldsOf(controller: Type, name: string): string[] {
  const parameters = Object.values(Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {});
  const submitted = parameters.map((parameter) => (parameter as { data?: unknown }).data);
  const types = [...(Reflect.getMetadata('design:paramtypes', controller.prototype, name) ?? []), ...submitted];
  const known = types.filter((type) => typeof type === 'function');
  const storage = getMetadataStorage();
  const rules = known.flatMap((type) => storage.getTargetValidationMetadatas(type, '', false, false));
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}
