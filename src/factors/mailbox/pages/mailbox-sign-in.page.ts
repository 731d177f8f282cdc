import { Get, Post, Req } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Public } from '../../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import type { HttpRequest } from '../../../edge/http-exchange.js';
import { BotChecked } from '../../../limits/bot-check.interceptor.js';
import { MAILS } from '../../../limits/rate-limit-rule.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { SignedIn } from '../../../login/pages/signed-in.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeAddress, seeOther, view } from '../../../pages/page-view.js';
import { QueryText } from '../../../pages/query-text.decorator.js';
import { returnAddress } from '../../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { IsEmailAddress } from '../../../users/is-email-address.js';
import { MailboxLoginService } from '../mailbox-login.service.js';
import { isMailLoginOn } from '../mailbox-options.js';

class MailboxSignInForm {
  @IsEmailAddress()
  email!: string;

  @IsOptional()
  @IsString()
  @MaxLength(4096)
  return?: string;
}

/** Where a user asks for a mail to sign in with. */
@PageController('sign-in/mailbox', 'sign-in', isMailLoginOn)
export class MailboxSignInPage {
  constructor(
    private readonly mailboxLogins: MailboxLoginService,
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
  @BotChecked('login')
  @RateLimited({ most: { ip: MAILS.most.ip! }, countedAs: 'MailboxLoginController.sendLoginMail' })
  send(
    @Submitted(MailboxSignInForm) form: SubmittedForm<MailboxSignInForm>,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    const returnTo = returnAddress(form.text('return'));
    return form.take(
      async ({ email }) => {
        await this.mailboxLogins.send({ email, returnTo }, exchange);
        return seeOther('/sign-in/mailbox/sent');
      },
      (problem) => this.form({ email: form.text('email'), returnTo, problem }),
    );
  }

  private form(values: { email: string; returnTo: string | null; problem: Refused | null }): PageView {
    return view('mailbox-sign-in', values, values.problem ?? undefined);
  }
}
