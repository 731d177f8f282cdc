import { Get, Post } from '@nestjs/common';
import { IsNotEmpty, IsString, MaxLength } from 'class-validator';
import { Public } from '../../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { Options } from '../../../config/options.js';
import { SignInSteps } from '../../../login/pages/sign-in-steps.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeProblem, view } from '../../../pages/page-view.js';
import { withReturn } from '../../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { type LoginRequest, LoginRequests } from '../login-requests.js';
import { isMailCodeOn, isMailLinkOn, isMailLoginOn } from '../mailbox-options.js';

class MailboxCodeForm {
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  code!: string;
}

/** What a user does with the mail, in the browser that has asked for it. */
@PageController('sign-in/mailbox/sent', 'sign-in', isMailLoginOn)
export class MailboxSentPage {
  private readonly has: { readonly hasCode: boolean; readonly hasLink: boolean };

  constructor(
    private readonly requests: LoginRequests,
    private readonly steps: SignInSteps,
    options: Options,
  ) {
    this.has = { hasCode: isMailCodeOn(options), hasLink: isMailLinkOn(options) };
  }

  @Get()
  @Public()
  show(@CurrentExchange() { caller }: Exchange): PageView | SeeOther {
    const request = this.requests.ofBrowser(caller);
    return request === null ? startAgain() : this.form(request, null);
  }

  @Post()
  @Public()
  enterCode(
    @Submitted(MailboxCodeForm) form: SubmittedForm<MailboxCodeForm>,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> | SeeOther {
    const requestToken = this.requests.tokenOf(exchange.caller);
    const request = this.requests.ofBrowser(exchange.caller);
    if (requestToken === null || request === null) return startAgain();
    return form.take(
      async ({ code }) => {
        const next = await this.steps.begin('mailbox', { requestToken, code }, request.returnTo, exchange);
        this.requests.clear(exchange);
        return next;
      },
      (problem) => this.form(request, problem),
    );
  }

  private form({ email, returnTo }: LoginRequest, problem: Refused | null): PageView {
    const again = withReturn('/sign-in/mailbox', returnTo);
    const minutes = Math.ceil(this.requests.lifeSeconds / 60);
    return view('mailbox-sent', { email, again, minutes, problem, ...this.has }, problem ?? undefined);
  }
}

function startAgain(): SeeOther {
  return seeProblem('/sign-in/mailbox', 'mailbox.again');
}
