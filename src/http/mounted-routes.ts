import { Inject, Injectable, RequestMethod, type Type, VERSION_NEUTRAL, VersioningType } from '@nestjs/common';
import { MODULE_PATH } from '@nestjs/common/constants.js';
import { ApplicationConfig, ModulesContainer } from '@nestjs/core';
import { RoutePathFactory } from '@nestjs/core/router/route-path-factory.js';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import { httpOptions } from './http-options.js';
import { chosenPath } from './mounting.js';

type ControllerVersion = Parameters<RoutePathFactory['create']>[0]['controllerVersion'];

/** DI token of the module class that has our controllers: `RouterModule` may have given it a path. */
export const MOUNTED_MODULE = Symbol('coatcheck.mountedModule');

/**
 * Where our routes are in this application: its global prefix, its versions, a path by `RouterModule`, `AUTH_PATH` and `ADMIN_PATH`. Ask once
 * the application is initialised.
 */
@Injectable()
export class MountedRoutes {
  private readonly publicUrl: string;
  private readonly paths: RoutePathFactory;

  constructor(
    private readonly config: ApplicationConfig,
    private readonly modules: ModulesContainer,
    @Inject(MOUNTED_MODULE) private readonly module: Type,
    private readonly options: Options,
  ) {
    this.publicUrl = options.of(coreOptions).publicUrl.replace(/\/$/, '');
    this.paths = new RoutePathFactory(config);
  }

  /** The address at which browsers find one of our routes. @param path as documented, e.g. `/auth/email/verify` */
  addressOf(path: string): string {
    return this.publicUrl + this.pathOf(path);
  }

  /** Its path in this application: of several versions the one that is no version, else the first. */
  pathOf(path: string): string {
    const [first = path] = this.pathsOf(path);
    return first;
  }

  /** Every path it has here, the one of {@link pathOf} first. */
  pathsOf(path: string): string[] {
    const chosen = chosenPath(path, this.options.of(httpOptions));
    const { mountPath } = this.options.of(httpOptions);
    if (mountPath !== undefined) return [mountPath + chosen];
    return this.versions().flatMap((controllerVersion) => this.created(chosen, controllerVersion));
  }

  /** The path here of something that has no version, such as a page. @param path as it is, with a slash before it */
  neutralPathOf(path: string): string {
    const { mountPath } = this.options.of(httpOptions);
    if (mountPath !== undefined) return mountPath + path;
    const [first = path] = this.created(path, VERSION_NEUTRAL);
    return first;
  }

  private created(ctrlPath: string, controllerVersion: ControllerVersion): string[] {
    return this.paths.create(
      {
        ctrlPath,
        modulePath: this.modulePath(),
        globalPrefix: this.config.getGlobalPrefix().replace(/^(?=[^/])/, '/'),
        controllerVersion,
        versioningOptions: this.config.getVersioning(),
      },
      RequestMethod.GET,
    );
  }

  private versions(): ControllerVersion[] {
    const versioning = this.config.getVersioning();
    if (versioning?.type !== VersioningType.URI) return [undefined];
    const all = [versioning.defaultVersion].flat() as ControllerVersion[];
    const isNone = (version: ControllerVersion) => version === VERSION_NEUTRAL;
    return [...all.filter(isNone), ...all.filter((version) => !isNone(version))];
  }

  private modulePath(): string | undefined {
    const ofThisApplication = Reflect.getMetadata(MODULE_PATH + this.modules.applicationId, this.module);
    return ofThisApplication ?? Reflect.getMetadata(MODULE_PATH, this.module);
  }
}
