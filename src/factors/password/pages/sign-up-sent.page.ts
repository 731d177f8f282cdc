import { Get, Post, Req } from '@nestjs/common';
import { Public } from '../../../access/public.decorator.js';
import type { HttpRequest } from '../../../edge/http-exchange.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { MAILS } from '../../../limits/rate-limit-rule.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { FormReader } from '../../../pages/form-reader.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { EmailVerificationService } from '../../../verification/email-verification.service.js';
import { ForgotPasswordRequest } from '../password.requests.js';
import { refusedEmail } from './refused-email.js';

/** What follows a registration, whatever came of it; and where another link is requested. */
@PageController('sign-up/sent', 'sign-in')
export class SignUpSentPage {
  constructor(
    private readonly verifications: EmailVerificationService,
    private readonly forms: FormReader,
  ) {}

  @Get()
  @Public()
  show(): PageView {
    return view('sign-up-sent', { email: '', wrongEmail: null });
  }

  @Post()
  @Public()
  @RateLimited({ ...MAILS, countedAs: 'EmailVerificationController.sendVerification' })
  async sendAgain(@Req() { body }: HttpRequest): Promise<SeeOther> {
    const { email } = await this.forms.read(ForgotPasswordRequest, body).catch((error: AuthError) => {
      throw refusedEmail('sign-up-sent', body, error, this.forms);
    });
    await this.verifications.sendAgain(email);
    return seeOther('/sign-up/sent', 'sign-up-sent.again');
  }
}
