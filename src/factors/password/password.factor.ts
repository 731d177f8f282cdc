import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type passport from 'passport';
import type { EntityManager } from 'typeorm';
import type { HttpRequest } from '../../access/http-exchange.js';
import { AUTHENTICATOR } from '../../access/ticket-strategy.js';
import { AuthError } from '../../kernel/auth-error.js';
import { LimitKeys } from '../../limits/limit-keys.js';
import { type EnrolledFactor, Factor, type FactorProof } from '../../login/factor.js';
import type { UserRecord } from '../../users/user.store.js';
import { PasswordStore } from './password.store.js';

/** Something the user knows. Takes `{ email, password }`. */
@Injectable()
export class PasswordFactor extends Factor {
  readonly name = 'password';
  readonly amr = ['pwd'];
  override readonly canBegin = true;

  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: passport.Authenticator,
    private readonly passwords: PasswordStore,
    private readonly keys: LimitKeys,
  ) {
    super();
  }

  override claimedEmail({ body }: HttpRequest): string | null {
    const { email } = (body ?? {}) as { email?: unknown };
    return typeof email === 'string' ? email : null;
  }

  override prove(request: HttpRequest, isLocked = false): Promise<FactorProof> {
    const { email, password } = (request.body ?? {}) as Record<string, unknown>;
    const source = this.keys.source(request);
    return new Promise((resolve, reject) => {
      const answer = (error: unknown, user?: unknown, info?: unknown) => {
        if (error) return reject(error);
        if (!user) return reject(new AuthError('invalid_credentials', { reason: 'credentials_missing', cause: info }));
        return resolve({ user: user as UserRecord, amr: this.amr });
      };
      const authenticate = this.authenticator.authenticate('password', { session: false }, answer);
      // passport-local also looks into the query string, where a password would end up in every access log.
      authenticate(
        { body: { email, password }, isLocked, source } as unknown as Request,
        undefined as unknown as Response,
        reject,
      );
    });
  }

  async enrolledBy(userId: string, within?: EntityManager): Promise<readonly EnrolledFactor[]> {
    const password = await this.passwords.find(userId, within);
    if (!password) return [];
    const { changedAt: enrolledAt } = password;
    return [{ factor: this.name, id: null, name: null, enrolledAt, lastUsedAt: null, remaining: null }];
  }

  removeAllOf(userId: string, within: EntityManager): Promise<void> {
    return this.passwords.delete(userId, within);
  }
}
