import { Injectable } from '@nestjs/common';
import type { Account, FindAccount } from 'oidc-provider';
import type { AuthUser } from '../../kernel/auth-context.js';
import { Usernames } from '../../usernames/usernames.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import { stateOf } from './request-state.js';

/** By scope, which claims it shows. `auth_time` and `amr` are of ID tokens only. */
export const CLAIMS = {
  openid: ['sub', 'auth_time', 'amr'],
  profile: ['name', 'locale', 'preferred_username'],
  email: ['email', 'email_verified'],
  acr: null,
  sid: null,
  iss: null,
} as const;

/** Who a client asks about: read from the session or the grant at hand, so that no store is asked. */
@Injectable()
export class Accounts {
  constructor(
    private readonly grants: OAuthGrants,
    private readonly usernames: Usernames,
  ) {}

  readonly find: FindAccount = async (ctx, sub, token) => {
    const user = await this.userOf(ctx.req, token);
    return user?.id === sub ? this.accountOf(user) : undefined;
  };

  private async userOf(request: Parameters<typeof stateOf>[0], token: unknown): Promise<AuthUser | undefined> {
    const { grantId } = (token ?? {}) as { grantId?: unknown };
    if (typeof grantId !== 'string') return stateOf(request).session?.user;
    return (await this.grants.judge(grantId))?.user;
  }

  /** Only the username is looked up, where there are any and the scope shows it. */
  private accountOf(user: AuthUser): Account {
    const { id, email, emailVerified, name, language } = user;
    return {
      accountId: id,
      claims: async (_use, scope) => {
        const username = scope.split(' ').includes('profile') ? await this.usernames.of(id) : null;
        return {
          sub: id,
          ...(name !== null && { name }),
          ...(language && { locale: language }),
          ...(username !== null && { preferred_username: username }),
          ...(email !== null && { email, email_verified: emailVerified }),
        };
      },
    };
  }
}
