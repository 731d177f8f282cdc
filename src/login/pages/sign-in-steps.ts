import { Injectable } from '@nestjs/common';
import type { Exchange } from '../../access/replier.js';
import { genericCredentialError } from '../../http/generic-credential-error.interceptor.js';
import { type SeeOther, seeAddress, seeOther } from '../../pages/page-view.js';
import { withReturn } from '../../pages/return-address.js';
import { LoginService } from '../login.service.js';
import type { NextProof } from '../login-progress.js';
import type { LoginResult } from '../login-result.js';
import { PendingLoginCookie } from './pending-login-cookie.js';

/** Where a login by pages leads, step by step. Its ticket is the session cookie always. */
@Injectable()
export class SignInSteps {
  constructor(
    private readonly logins: LoginService,
    private readonly cookie: PendingLoginCookie,
  ) {}

  /**
   * Begins a login.
   *
   * @param returnTo what `returnAddress` gave: where it ends
   * @throws AuthError as `LoginService.login`, and nothing that tells whether the user exists
   */
  async begin(factor: string, given: object, returnTo: string | null, exchange: Exchange): Promise<SeeOther> {
    const login = this.logins.login(factor, given, { strategy: 'session' }, exchange);
    return this.next(await generic(login), returnTo, exchange);
  }

  /** Goes on with a login. @throws AuthError as `LoginService.proceed` */
  async proceed(proof: NextProof, returnTo: string | null, exchange: Exchange): Promise<SeeOther> {
    return this.next(await generic(this.logins.proceed(proof, exchange)), returnTo, exchange);
  }

  private next(result: LoginResult, returnTo: string | null, exchange: Exchange): SeeOther {
    if (result.status === 'factor_required') {
      this.cookie.set(result, exchange);
      return seeOther(withReturn('/sign-in/factor', returnTo));
    }
    this.cookie.clear(exchange);
    if (result.status === 'enrolment_required') return seeOther(withReturn('/sign-in/enrol', returnTo));
    return returnTo === null ? seeOther('/account') : seeAddress(returnTo);
  }
}

async function generic<T>(login: Promise<T>): Promise<T> {
  try {
    return await login;
  } catch (error) {
    throw genericCredentialError(error);
  }
}
