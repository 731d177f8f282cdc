import { Inject, Injectable, type Type, VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, VERSION_METADATA } from '@nestjs/common/constants.js';
import { ApplicationConfig, MetadataScanner } from '@nestjs/core';
import { Options } from '../config/options.js';
import { AUTH_ROUTES } from './coatcheck-route.js';
import { type HttpOptions, httpOptions } from './http-options.js';

/** A controller, as one application has it. */
export interface OwnController {
  /** Name of the feature that brings it. */
  readonly feature: string;
  readonly controller: Type;
}

/** DI token of every {@link OwnController}. */
export const OWN_CONTROLLERS = Symbol('coatcheck.ownControllers');

/** Metadata of a controller: whether it has routes, by the options. Absent: it has. */
export const MOUNTED_IF = 'coatcheck:mounted-if';

export type MountedIf = (options: Options) => boolean;

/** Metadata of a controller of pages: the path they are below, by the options, with a slash before it or empty. */
export const MOUNTED_BELOW = 'coatcheck:mounted-below';

/**
 * The same controller for one application: a class of its own, so that its path, its version and which of its handlers are routes may differ
 * from those of another in the same process. What the decorators said is inherited.
 */
export function controllerOfOneApplication(base: Type): Type {
  if (Reflect.getMetadata(AUTH_ROUTES, base) !== true) return base;
  const controller = class extends base {};
  Object.defineProperty(controller, 'name', { value: base.name });
  return controller;
}

/** `/auth/login` under the paths that the options choose. Others are left as they are. */
export function chosenPath(path: string, { authPath, adminPath }: Pick<HttpOptions, 'authPath' | 'adminPath'>): string {
  return path.replace(/^(\/?)(auth|admin)(?=\/|$)/, (_all, slash: string, word: string) => {
    return slash + (word === 'auth' ? authPath : adminPath);
  });
}

/** Puts the routes where the options say, before Nest maps them. */
@Injectable()
export class Mounting {
  private readonly controllers: readonly OwnController[];

  constructor(
    @Inject(OWN_CONTROLLERS) all: readonly OwnController[],
    private readonly config: ApplicationConfig,
    private readonly options: Options,
  ) {
    this.controllers = all.filter(({ controller }) => Reflect.getMetadata(AUTH_ROUTES, controller) === true);
    for (const own of this.controllers) {
      if (this.isLeftOut(own)) leaveOut(own.controller);
      else Reflect.defineMetadata(PATH_METADATA, this.pathOf(own.controller), own.controller);
    }
  }

  /**
   * Called when the application has said how its routes are versioned. A browser that opens a mailed link sends no version, so that
   * only a path may tell it: else ours are of every version.
   */
  applyVersions(): void {
    const versioning = this.config.getVersioning();
    if (versioning === undefined) return;
    for (const { controller } of this.controllers) {
      // A page is for people, who know no versions.
      const isPage = Reflect.hasMetadata(MOUNTED_BELOW, controller);
      if (isPage || versioning.type !== VersioningType.URI)
        Reflect.defineMetadata(VERSION_METADATA, VERSION_NEUTRAL, controller);
    }
  }

  private isLeftOut({ feature, controller }: OwnController): boolean {
    const { adminRoutes, routesLeftOut } = this.options.of(httpOptions);
    const isMounted: MountedIf | undefined = Reflect.getMetadata(MOUNTED_IF, controller);
    const isOfAdmins = /^admin(\/|$)/.test(declaredPath(controller));
    return (
      (isOfAdmins && !adminRoutes) ||
      routesLeftOut.includes(feature) ||
      (isMounted && !isMounted(this.options)) === true
    );
  }

  private pathOf(controller: Type): string {
    const below: ((options: Options) => string) | undefined = Reflect.getMetadata(MOUNTED_BELOW, controller);
    if (below !== undefined) return `${below(this.options)}/${declaredPath(controller)}`;
    return chosenPath(declaredPath(controller), this.options.of(httpOptions));
  }
}

/** By its decorator: of the class it was made of. */
export function declaredPath(controller: Type): string {
  return Reflect.getMetadata(PATH_METADATA, Object.getPrototypeOf(controller)) ?? '';
}

/** Leaves out of the API document every method that is no route to Nest. */
function leaveOut({ prototype }: Type): void {
  for (const name of new MetadataScanner().getAllMethodNames(prototype)) {
    if (Reflect.hasMetadata(METHOD_METADATA, prototype[name])) prototype[name] = () => undefined;
  }
}
