import { Get, Post } from '@nestjs/common';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth, OpenToEnrolment } from '../../access/route-decorators.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type SeeOther, view } from '../../pages/page-view.js';
import { QueryText } from '../../pages/query-text.decorator.js';
import { returnAddress } from '../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../pages/submitted-form.js';
import { TotpEnrolmentService } from './totp-enrolment.service.js';

class BeginForm {
  @IsOptional()
  @IsString()
  @MaxLength(4096)
  return?: string;
}

class ConfirmForm extends BeginForm {
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  code!: string;
}

/** Sets an authenticator app up in the middle of a sign-in that requires one. */
@PageController('sign-in/enrol/totp', 'sign-in')
export class EnrolTotpPage {
  constructor(private readonly enrolments: TotpEnrolmentService) {}

  @Get()
  @OpenToEnrolment()
  show(@QueryText('return') given: unknown): PageView {
    return view('enrol-totp', { secret: null, isPending: false, returnTo: returnAddress(given), problem: null });
  }

  /** Shows the secret in the reply itself: it is nowhere to be found again. */
  @Post()
  @OpenToEnrolment()
  begin(
    @Submitted(BeginForm) form: SubmittedForm<BeginForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    const returnTo = returnAddress(form.text('return'));
    return form.take(
      async () => {
        const { secret, qrSvg } = await this.enrolments.begin(auth, undefined, exchange);
        return view('enrol-totp', {
          secret: { text: grouped(secret), qrSvg },
          isPending: true,
          returnTo,
          problem: null,
        });
      },
      (problem) => view('enrol-totp', { secret: null, isPending: false, returnTo, problem }, problem),
    );
  }

  @Post('code')
  @OpenToEnrolment()
  confirm(
    @Submitted(ConfirmForm) form: SubmittedForm<ConfirmForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    const returnTo = returnAddress(form.text('return'));
    return form.take(
      async ({ code }) => {
        const { recoveryCodes } = await this.enrolments.confirm(auth, code, {}, exchange);
        return view('enrol-done', { recoveryCodes, returnTo });
      },
      // Without the secret, which the app has by now or needs anew. Where none is pending any more, one begins anew too.
      (problem) => {
        const isPending = problem.code !== 'conflict';
        return view('enrol-totp', { secret: null, isPending, returnTo, problem }, problem);
      },
    );
  }
}

/** In fours, for eyes and thumbs; apps ignore the spaces. */
function grouped(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}
