import { Get, Post } from '@nestjs/common';
import { Public } from '../../../access/public.decorator.js';
import { MAILS } from '../../../limits/rate-limit-rule.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { EmailVerificationService } from '../../../verification/email-verification.service.js';
import { ForgotPasswordRequest } from '../password.requests.js';

/** Follows every registration, whatever its result; another link can be requested here. */
@PageController('sign-up/sent', 'sign-in')
export class SignUpSentPage {
  constructor(private readonly verifications: EmailVerificationService) {}

  @Get()
  @Public()
  show(): PageView {
    return view('sign-up-sent', { email: '', problem: null });
  }

  @Post()
  @Public()
  @RateLimited({ ...MAILS, countedAs: 'EmailVerificationController.sendVerification' })
  sendAgain(
    @Submitted(ForgotPasswordRequest) form: SubmittedForm<ForgotPasswordRequest>,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ email }) => {
        await this.verifications.sendAgain(email);
        return seeOther('/sign-up/sent', 'sign-up-sent.again');
      },
      (problem) => view('sign-up-sent', { email: form.text('email'), problem }, problem),
    );
  }
}
