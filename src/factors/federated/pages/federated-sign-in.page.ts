import { Get, Post, Req } from '@nestjs/common';
import { IsOptional, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { Public } from '../../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import type { HttpRequest } from '../../../edge/http-exchange.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { SignedIn } from '../../../login/pages/signed-in.js';
import { PageController } from '../../../pages/page-controller.js';
import {
  type PageView,
  type Refused,
  type SeeOther,
  seeAddress,
  seeOther,
  seeProblem,
  view,
} from '../../../pages/page-view.js';
import { QueryText } from '../../../pages/query-text.decorator.js';
import { returnAddress, withReturn } from '../../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { IsEmailAddress } from '../../../users/is-email-address.js';
import { SLUG } from '../flow/federated-login.requests.js';
import { LoginRoutes } from '../flow/login-routes.js';
import { Departures } from './departures.js';

class FederatedSignInForm {
  /** Of a button. */
  @IsOptional()
  @Matches(SLUG)
  place?: string;

  @ValidateIf(({ place, email }) => place === undefined || email !== undefined)
  @IsEmailAddress()
  email?: string;

  @IsOptional()
  @IsString()
  @MaxLength(4096)
  return?: string;
}

/** Begins a login elsewhere: by a button, or by the address of a user whose company has a connection. */
@PageController('sign-in/federated', 'sign-in')
export class FederatedSignInPage {
  constructor(
    private readonly routes: LoginRoutes,
    private readonly departures: Departures,
    private readonly signedIn: SignedIn,
  ) {}

  @Get()
  @Public()
  async show(@QueryText('return') given: unknown, @Req() request: HttpRequest): Promise<PageView | SeeOther> {
    const returnTo = returnAddress(given);
    if (await this.signedIn.isSo(request)) return returnTo === null ? seeOther('/account') : seeAddress(returnTo);
    return this.form({ email: '', returnTo, problem: null });
  }

  @Post()
  @Public()
  @RateLimited({
    most: { ip: ({ loginAttempts }) => 100 * loginAttempts },
    counted: 'node',
    countedAs: 'FederatedLoginController.startFederatedLogin',
  })
  signIn(
    @Submitted(FederatedSignInForm) form: SubmittedForm<FederatedSignInForm>,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    const returnTo = returnAddress(form.text('return'));
    return form.take(
      async ({ place, email }) => {
        const connection = await (place === undefined ? this.routes.ofAddress(email!) : this.routes.named(place));
        const back = withReturn('/sign-in', returnTo);
        const how = { purpose: 'login', strategy: 'session', returnTo, loginHint: email } as const;
        if (connection) return this.departures.begin({ ...how, connection }, back, exchange);
        // A button of a moment ago.
        if (place !== undefined) return seeProblem(back, 'federated.gone');
        throw notOfAny();
      },
      (problem) => this.form({ email: form.text('email'), returnTo, problem }),
    );
  }

  private form(values: { email: string; returnTo: string | null; problem: Refused | null }): PageView {
    return view('federated-sign-in', values, values.problem ?? undefined);
  }
}

function notOfAny(): AuthError {
  const message = 'email must be of a domain that a connection has';
  const errors = [{ field: 'email', rule: 'isOfConnection', message }];
  return new AuthError('validation_failed', { reason: 'no_connection_of_domain', errors });
}
