import { Get, Post } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Public } from '../../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { Describe } from '../../../http/api-docs.js';
import { SignInSteps } from '../../../login/pages/sign-in-steps.js';
import { LinkController } from '../../../pages/links/link-controller.js';
import { type PageView, type Refused, type SeeOther, seeProblem, view } from '../../../pages/page-view.js';
import { QueryText } from '../../../pages/query-text.decorator.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { IsEmailAddress } from '../../../users/is-email-address.js';
import { LoginRequests } from '../login-requests.js';
import { isMailLinkOn } from '../mailbox-options.js';
import { MailedSecrets } from '../mailed-secrets.js';

class MailboxLinkForm {
  @IsString()
  @MaxLength(256)
  token!: string;

  /** In another browser than the one that asked. */
  @IsOptional()
  @IsEmailAddress()
  email?: string;
}

/** The address, with its token, goes nowhere; the origin does, without which a form would come from nowhere. */
const HEADERS = { 'Referrer-Policy': 'strict-origin' };

/** What the link of a mail opens. To open it does nothing; in another browser than the one that asked, its button alone does nothing either. */
@LinkController('auth/login/mailbox', 'Login', isMailLinkOn)
export class MailboxLinkPage {
  constructor(
    private readonly requests: LoginRequests,
    private readonly secrets: MailedSecrets,
    private readonly steps: SignInSteps,
  ) {}

  @Describe({
    summary: 'Page that a sign-in link opens',
    description:
      'HTML page with one button, which signs in. Opening the page changes nothing. In another browser than the one that requested the link, the page asks for the e-mail address.',
    answers: { 200: { description: 'The page.' } },
  })
  @Get()
  @Public()
  showMailboxLinkPage(@QueryText('token') token: unknown, @CurrentExchange() exchange: Exchange): PageView {
    const isToken = typeof token === 'string' && token !== '';
    return this.form({ token: isToken ? token : null, email: '', problem: null, action: 'mailbox/form' }, exchange);
  }

  @Post('form')
  @ApiExcludeEndpoint()
  @Public()
  signIn(
    @Submitted(MailboxLinkForm) form: SubmittedForm<MailboxLinkForm>,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ token, email }) => {
        const returnTo = this.ownRequest(token, exchange)?.returnTo ?? null;
        const next = await this.steps.begin('mailbox', { token, email }, returnTo, exchange);
        this.requests.clear(exchange);
        return next;
      },
      (problem) => {
        const token = form.text('token') || null;
        return this.form({ token, email: form.text('email'), problem, action: 'form' }, exchange);
      },
    );
  }

  /** A form that was sent, and is asked for again by the address line. */
  @Get('form')
  @ApiExcludeEndpoint()
  @Public()
  showAgain(): SeeOther {
    return seeProblem('/sign-in/mailbox', 'mailbox.again');
  }

  private form(
    { token, ...values }: { token: string | null; email: string; problem: Refused | null; action: string },
    exchange: Exchange,
  ): PageView {
    const own = token === null ? null : this.ownRequest(token, exchange);
    const shown = { ...values, token, address: own?.email ?? null };
    return view('mailbox-link', shown, { ...(values.problem ?? {}), headers: HEADERS });
  }

  /** Nothing is looked up for it. */
  private ownRequest(token: string, { caller }: Exchange) {
    const request = this.requests.ofBrowser(caller);
    return request !== null && request.id === this.secrets.idOf(token) ? request : null;
  }
}
