import { Get, Post } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Public } from '../../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { MailLimits } from '../../../limits/mail-limits.js';
import { MAILS } from '../../../limits/rate-limit-rule.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { returnAddress, withReturn } from '../../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { LoginNames } from '../../../usernames/login-names.js';
import { EmailVerificationService } from '../../../verification/email-verification.service.js';

/** The JSON route: both have one budget. */
const COUNTED_AS = 'EmailVerificationController.sendVerification';

class SendVerificationForm {
  /** What was typed to sign in: an address, or a username where these are switched on. */
  @IsString()
  @MaxLength(320)
  email!: string;

  @IsOptional()
  @IsString()
  @MaxLength(4096)
  return?: string;
}

/**
 * Mails the link that verifies an address to a user who may not sign in before: to one who was imported, none was ever sent. The answer is the
 * same for everyone; the sign-in page offers it after a right password only.
 */
@PageController('sign-in/verification', 'sign-in')
export class SendVerificationPage {
  constructor(
    private readonly verifications: EmailVerificationService,
    private readonly names: LoginNames,
    private readonly limits: MailLimits,
  ) {}

  @Get()
  @Public()
  show(): PageView {
    return view('send-verification', { email: '', hasUsernames: this.names.isOn, problem: null });
  }

  @Post()
  @Public()
  @RateLimited({ most: { ip: MAILS.most.ip! }, countedAs: COUNTED_AS })
  send(
    @Submitted(SendVerificationForm) form: SubmittedForm<SendVerificationForm>,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ email: typed }) => {
        const email = await this.names.addressFor(typed);
        await this.limits.assertFew(COUNTED_AS, email, exchange);
        await this.verifications.sendAgain(email, exchange.caller);
        return seeOther(withReturn('/sign-in', returnAddress(form.text('return'))), 'send-verification.sent');
      },
      (problem) =>
        view('send-verification', { email: form.text('email'), hasUsernames: this.names.isOn, problem }, problem),
    );
  }
}
