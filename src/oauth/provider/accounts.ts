import { Injectable } from '@nestjs/common';
import type { Account, FindAccount } from 'oidc-provider';
import type { AuthUser } from '../../kernel/auth-context.js';
import { OAuthGrants } from '../grants/oauth-grants.js';
import { stateOf } from './request-state.js';

/** By scope, which claims it shows. `auth_time` and `amr` are of ID tokens only. */
export const CLAIMS = {
  openid: ['sub', 'auth_time', 'amr'],
  profile: ['name', 'locale'],
  email: ['email', 'email_verified'],
  acr: null,
  sid: null,
  iss: null,
} as const;

/** Who a client asks about: read from the session or the grant at hand, so that no store is asked. */
@Injectable()
export class Accounts {
  constructor(private readonly grants: OAuthGrants) {}

  readonly find: FindAccount = async (ctx, sub, token) => {
    const user = await this.userOf(ctx.req, token);
    return user?.id === sub ? accountOf(user) : undefined;
  };

  private async userOf(request: Parameters<typeof stateOf>[0], token: unknown): Promise<AuthUser | undefined> {
    const { grantId } = (token ?? {}) as { grantId?: unknown };
    if (typeof grantId !== 'string') return stateOf(request).session?.user;
    return (await this.grants.judge(grantId))?.user;
  }
}

function accountOf(user: AuthUser): Account {
  const { id, email, emailVerified, name, language } = user;
  return {
    accountId: id,
    claims: async () => ({
      sub: id,
      ...(name !== null && { name }),
      ...(language && { locale: language }),
      ...(email !== null && { email, email_verified: emailVerified }),
    }),
  };
}
