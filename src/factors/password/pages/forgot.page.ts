import { Get, Post } from '@nestjs/common';
import { Public } from '../../../access/public.decorator.js';
import { BotChecked } from '../../../limits/bot-check.interceptor.js';
import { MAILS } from '../../../limits/rate-limit-rule.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { ForgotPasswordRequest } from '../password.requests.js';
import { PasswordResetService } from '../password-reset.service.js';

@PageController('forgot', 'sign-in')
export class ForgotPage {
  constructor(private readonly resets: PasswordResetService) {}

  @Get()
  @Public()
  show(): PageView {
    return view('forgot', { email: '', problem: null });
  }

  @Post()
  @Public()
  @BotChecked('forgot')
  @RateLimited({ ...MAILS, countedAs: 'PasswordController.forgotPassword' })
  send(@Submitted(ForgotPasswordRequest) form: SubmittedForm<ForgotPasswordRequest>): Promise<PageView | SeeOther> {
    return form.take(
      async ({ email }) => {
        await this.resets.forgot(email);
        return seeOther('/forgot/sent');
      },
      (problem) => view('forgot', { email: form.text('email'), problem }, problem),
    );
  }

  @Get('sent')
  @Public()
  showSent(): PageView {
    return view('forgot-sent');
  }
}
