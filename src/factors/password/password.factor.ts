import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type passport from 'passport';
import type { HttpRequest } from '../../access/http-exchange.js';
import { AUTHENTICATOR } from '../../access/strategy.js';
import { AuthError } from '../../kernel/auth-error.js';
import { Factor } from '../../login/factor.js';
import type { UserRecord } from '../../users/user.store.js';

/** Something the user knows. Takes `{ email, password }`. */
@Injectable()
export class PasswordFactor extends Factor {
  readonly name = 'password';
  readonly amr = ['pwd'];

  constructor(@Inject(AUTHENTICATOR) private readonly authenticator: passport.Authenticator) {
    super();
  }

  override claimedEmail({ body }: HttpRequest): string | null {
    const { email } = (body ?? {}) as { email?: unknown };
    return typeof email === 'string' ? email : null;
  }

  prove({ body }: HttpRequest, isLocked = false): Promise<UserRecord> {
    const { email, password } = (body ?? {}) as Record<string, unknown>;
    return new Promise((resolve, reject) => {
      const answer = (error: unknown, user?: unknown, info?: unknown) => {
        if (error) return reject(error);
        if (!user) return reject(new AuthError('invalid_credentials', { reason: 'credentials_missing', cause: info }));
        return resolve(user as UserRecord);
      };
      const authenticate = this.authenticator.authenticate('password', { session: false }, answer);
      // passport-local also looks into the query string, where a password would end up in every access log.
      authenticate(
        { body: { email, password }, isLocked } as unknown as Request,
        undefined as unknown as Response,
        reject,
      );
    });
  }
}
