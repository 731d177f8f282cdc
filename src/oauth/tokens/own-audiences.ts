import { Injectable } from '@nestjs/common';
import { AuthError } from '../../kernel/auth-error.js';
import type { OAuthResource } from '../resources/oauth-resource.js';
import { OAuthResources } from '../resources/oauth-resources.js';
import { ProtectedResources } from '../resources/protected-resources.js';
import type { OAuthToken } from './oauth-token.js';

/** For which resources of this application a token is. */
@Injectable()
export class OwnAudiences {
  constructor(
    private readonly own: ProtectedResources,
    private readonly resources: OAuthResources,
  ) {}

  /**
   * At least one; those that are another's are left out. Answers without a promise when this node knows them for certain.
   *
   * @throws AuthError `unauthenticated` for a token that is for none of this application
   */
  of({ audiences }: OAuthToken): readonly OAuthResource[] | Promise<readonly OAuthResource[]> {
    const mine = audiences.filter((uri) => this.own.find(uri) !== null);
    if (mine.length === 0) throw refusal();
    const found = mine.map((uri) => this.resources.find(uri));
    return found.some((one) => one instanceof Promise)
      ? Promise.all(found).then(assertSome)
      : assertSome(found as readonly (OAuthResource | null)[]);
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
