import { Post } from '@nestjs/common';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { CurrentAuth, OpenToEnrolment } from '../../../access/route-decorators.js';
import { type AuthContext, requireSession } from '../../../kernel/auth-context.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type SeeOther, seeProblem } from '../../../pages/page-view.js';
import { returnAddress, withReturn } from '../../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { canConfirm } from '../flow/can-confirm.js';
import { SLUG } from '../flow/federated-login.requests.js';
import { LoginRoutes } from '../flow/login-routes.js';
import { Departures } from './departures.js';

class FederatedConfirmForm {
  @Matches(SLUG)
  place!: string;

  @IsOptional()
  @IsString()
  @MaxLength(4096)
  return?: string;
}

/** Has a signed-in user prove elsewhere, by a new login there, that it is them. */
@PageController('confirm/federated', 'sign-in')
export class FederatedConfirmPage {
  constructor(
    private readonly routes: LoginRoutes,
    private readonly departures: Departures,
  ) {}

  @Post()
  @OpenToEnrolment()
  @RateLimited({ most: { ip: ({ loginAttempts }) => 100 * loginAttempts }, counted: 'node' })
  confirm(
    @Submitted(FederatedConfirmForm) form: SubmittedForm<FederatedConfirmForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    const returnTo = returnAddress(form.text('return'));
    const again = withReturn('/confirm', returnTo);
    return form.take(
      async ({ place }) => {
        const { id: sessionId } = requireSession(auth);
        const owner = { userId: auth.user.id, sessionId, roles: auth.user.roles };
        const connection = await this.routes.named(place);
        if (!connection || !canConfirm(connection)) return seeProblem(again, 'federated.gone');
        const how = { purpose: 'step_up', strategy: 'session', returnTo: returnTo, owner } as const;
        return this.departures.begin({ ...how, connection }, again, exchange);
      },
      () => seeProblem(again, 'federated.gone'),
    );
  }
}
