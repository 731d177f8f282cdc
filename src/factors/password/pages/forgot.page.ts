import { Get, Post, Req } from '@nestjs/common';
import { Public } from '../../../access/public.decorator.js';
import type { HttpRequest } from '../../../edge/http-exchange.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { BotChecked } from '../../../limits/bot-check.interceptor.js';
import { MAILS } from '../../../limits/rate-limit-rule.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { FormReader } from '../../../pages/form-reader.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { ForgotPasswordRequest } from '../password.requests.js';
import { PasswordResetService } from '../password-reset.service.js';
import { refusedEmail } from './refused-email.js';

@PageController('forgot', 'sign-in')
export class ForgotPage {
  constructor(
    private readonly resets: PasswordResetService,
    private readonly forms: FormReader,
  ) {}

  @Get()
  @Public()
  show(): PageView {
    return view('forgot', { email: '', wrongEmail: null });
  }

  @Post()
  @Public()
  @BotChecked('forgot')
  @RateLimited({ ...MAILS, countedAs: 'PasswordController.forgotPassword' })
  async send(@Req() { body }: HttpRequest): Promise<SeeOther> {
    const { email } = await this.forms.read(ForgotPasswordRequest, body).catch((error: AuthError) => {
      throw refusedEmail('forgot', body, error, this.forms);
    });
    await this.resets.forgot(email);
    return seeOther('/forgot/sent');
  }

  @Get('sent')
  @Public()
  showSent(): PageView {
    return view('forgot-sent');
  }
}
