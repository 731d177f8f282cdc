import { Get, Post } from '@nestjs/common';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth, CurrentUser } from '../../access/route-decorators.js';
import { OwnPassword } from '../../credentials/own-password.js';
import type { AuthContext, AuthUser } from '../../kernel/auth-context.js';
import { MAILS } from '../../limits/rate-limit-rule.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import { ChangeEmailRequest } from '../email-change.controller.js';
import { EmailChangeService } from '../email-change.service.js';

@PageController('account/email', 'account')
export class AccountEmailPage {
  constructor(
    private readonly emailChanges: EmailChangeService,
    private readonly passwords: OwnPassword,
  ) {}

  @Get()
  show(@CurrentUser() user: AuthUser): Promise<PageView> {
    return this.page(user, '', null);
  }

  @Post()
  @RateLimited({ ...MAILS, countedAs: 'EmailChangeController.changeEmail' })
  change(
    @Submitted(ChangeEmailRequest) form: SubmittedForm<ChangeEmailRequest>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ email, password }) => {
        await this.emailChanges.request({ email, password: password || undefined }, auth, exchange);
        return seeOther('/account', 'account-email.sent');
      },
      (problem) => this.page(auth.user, form.text('email'), problem),
    );
  }

  private async page(user: AuthUser, email: string | undefined, problem: Refused | null): Promise<PageView> {
    const hasPassword = await this.passwords.isOfUse(user);
    return view('account-email', { email, hasPassword, problem }, problem ?? undefined);
  }
}
