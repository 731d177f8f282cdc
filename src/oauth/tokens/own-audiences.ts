import { Injectable } from '@nestjs/common';
import { AuthError } from '../../kernel/auth-error.js';
import type { OAuthResource } from '../resources/oauth-resource.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { ProtectedResources } from '../resources/protected-resources.js';
import type { OAuthToken } from './oauth-token.js';

/** What was found before, and among what. */
interface Found {
  readonly all: ReadonlyMap<string, OAuthResource>;
  readonly resources: readonly OAuthResource[];
}

/** For which resources of this application a token is. */
@Injectable()
export class OwnAudiences {
  private readonly found = new WeakMap<OAuthToken, Found>();

  constructor(
    private readonly own: ProtectedResources,
    private readonly resources: OAuthResources,
  ) {}

  /**
   * At least one; those that are another's are left out. Answers without a promise when this node knows them for certain, and with the same
   * array until a resource has changed.
   *
   * @throws AuthError `unauthenticated` for a token that is for none of this application
   */
  of(token: OAuthToken): readonly OAuthResource[] | Promise<readonly OAuthResource[]> {
    const all = this.resources.known();
    const before = this.found.get(token);
    if (all !== undefined && before?.all === all) return before.resources;
    const mine = token.audiences.filter((uri) => this.own.find(uri) !== null);
    if (mine.length === 0) throw refusal();
    if (all === undefined) return Promise.all(mine.map((uri) => this.resources.find(uri))).then(assertSome);
    const resources = assertSome(mine.map((uri) => all.get(uri) ?? null));
    this.found.set(token, { all, resources });
    return resources;
  }

  /** Below `PUBLIC_URL`. */
  pathOf(uri: string): string | null {
    return this.own.find(uri)?.path ?? null;
  }
}

function assertSome(found: readonly (OAuthResource | null)[]): readonly OAuthResource[] {
  const some = found.filter((one) => one !== null);
  if (some.length === 0) throw refusal();
  return some;
}

function refusal(): AuthError {
  return new AuthError('unauthenticated', { reason: 'token_for_others', challenge: { error: 'invalid_token' } });
}
