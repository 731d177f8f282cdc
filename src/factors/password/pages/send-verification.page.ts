import { Get, Post } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type Caller, CurrentCaller } from '../../../access/caller.js';
import { Public } from '../../../access/public.decorator.js';
import { MAILS } from '../../../limits/rate-limit-rule.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { returnAddress, withReturn } from '../../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { LoginNames } from '../../../usernames/login-names.js';
import { EmailVerificationService } from '../../../verification/email-verification.service.js';

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
  ) {}

  @Get()
  @Public()
  show(): PageView {
    return view('send-verification', { email: '', hasUsernames: this.names.isOn, problem: null });
  }

  @Post()
  @Public()
  @RateLimited({ ...MAILS, countedAs: 'EmailVerificationController.sendVerification' })
  send(
    @Submitted(SendVerificationForm) form: SubmittedForm<SendVerificationForm>,
    @CurrentCaller() caller: Caller,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ email: typed }) => {
        await this.verifications.sendAgain(await this.names.addressFor(typed), caller);
        return seeOther(withReturn('/sign-in', returnAddress(form.text('return'))), 'send-verification.sent');
      },
      (problem) =>
        view('send-verification', { email: form.text('email'), hasUsernames: this.names.isOn, problem }, problem),
    );
  }
}
