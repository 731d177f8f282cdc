import { Injectable } from '@nestjs/common';
import { coreOptions } from '../config/core-options.js';
import { Options } from '../config/options.js';
import type { HttpRequest } from '../edge/http-exchange.js';
import { MountedRoutes } from '../http/mounted-routes.js';
import { pagesOptions } from './pages-options.js';
import { returnAddress } from './return-address.js';

/** Where browsers find the pages of this application. Ask once the application is initialised. */
@Injectable()
export class PagePaths {
  private readonly publicUrl: URL;
  private readonly pagesPath: string;
  private known: string | undefined;

  constructor(
    private readonly routes: MountedRoutes,
    options: Options,
  ) {
    this.publicUrl = new URL(options.of(coreOptions).publicUrl);
    this.pagesPath = options.of(pagesOptions).pagesPath;
  }

  /** The path of a page as a browser sees it. @param path as in `@PageController`, with a slash before it */
  pathOf(path: string): string {
    this.known ??=
      this.publicPath + this.routes.neutralPathOf(`${this.pagesPath}/sign-in`).slice(0, -'/sign-in'.length);
    return this.known + path;
  }

  /** The path of a JSON route as a browser sees it. @param path as documented, e.g. `/auth/login` */
  routeOf(path: string): string {
    return this.publicPath + this.routes.pathOf(path);
  }

  /** Its address, for mails. */
  addressOf(path: string): string {
    return this.publicUrl.origin + this.pathOf(path);
  }

  /** The address of this request as a browser sees it, to return to. Null for one that cannot be. */
  ownAddress({ originalUrl, url }: HttpRequest): string | null {
    return returnAddress(this.publicPath + (originalUrl ?? url));
  }

  /** The page of this origin that the request came from; null where the browser does not say. */
  cameFrom({ headers }: HttpRequest): string | null {
    const { referer } = headers;
    if (referer === undefined || !URL.canParse(referer)) return null;
    const { origin, pathname, search } = new URL(referer);
    return origin === this.publicUrl.origin ? returnAddress(pathname + search) : null;
  }

  /** A proxy may serve the application below a path and strip it. */
  private get publicPath(): string {
    return this.publicUrl.pathname.replace(/\/$/, '');
  }
}
