import type { Options } from '../config/options.js';
import { isOAuthOn } from '../oauth/oauth-options.js';
import { foldedPath, isClaimed, routeOf } from '../oauth/provider/oauth-routes.js';

/** A route as it is counted. */
export interface FrontRoute {
  readonly url: string;
  readonly method: string;
}

/** Paths that the provider answers in front of the framework's router: its replies never pass the framework's own. */
export class FrontRoutes {
  private readonly known = new Map<string, FrontRoute>();

  private constructor(private readonly isAny: boolean) {}

  static from(options: Options): FrontRoutes {
    return new FrontRoutes(isOAuthOn(options));
  }

  /** Whether it is one of them, be there a route or not. */
  has(url: string): boolean {
    // Nearly no request is, and every one is asked about.
    if (!this.isAny || !/^\/(oauth|\.well-known)/i.test(url)) return false;
    const path = foldedPath(url);
    return path !== null && isClaimed(path);
  }

  /** As it is registered; undefined for a path that is none of them. The same object for the same route. */
  routeOf(url: string, method: string): FrontRoute | undefined {
    if (!this.has(url)) return undefined;
    const route = routeOf(foldedPath(url)!);
    // What clients choose names nothing.
    const name = route?.path ?? 'unknown';
    const by = route?.methods.includes(method) || method === 'OPTIONS' ? method : 'any';
    const key = `${by} ${name}`;
    const front = this.known.get(key) ?? { url: name, method: by };
    this.known.set(key, front);
    return front;
  }
}
