import { Get, Post } from '@nestjs/common';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth } from '../../access/route-decorators.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { MAILS } from '../../limits/rate-limit-rule.js';
import { RateLimited } from '../../limits/rate-limited.decorator.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../pages/page-view.js';
import { Submitted, type SubmittedForm } from '../../pages/submitted-form.js';
import { ChangeEmailRequest } from '../email-change.controller.js';
import { EmailChangeService } from '../email-change.service.js';

@PageController('account/email', 'account')
export class AccountEmailPage {
  constructor(private readonly emailChanges: EmailChangeService) {}

  @Get()
  show(): PageView {
    return view('account-email', { email: '', problem: null });
  }

  @Post()
  @RateLimited({ ...MAILS, countedAs: 'EmailChangeController.changeEmail' })
  change(
    @Submitted(ChangeEmailRequest) form: SubmittedForm<ChangeEmailRequest>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async (given) => {
        await this.emailChanges.request(given, auth, exchange);
        return seeOther('/account', 'account-email.sent');
      },
      (problem) => view('account-email', { email: form.text('email'), problem }, problem),
    );
  }
}
