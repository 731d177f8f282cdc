import { Get, Post } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { FreshProof } from '../../../access/fresh-proof.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { CurrentAuth } from '../../../access/route-decorators.js';
import { StepUp } from '../../../access/step-up.js';
import { Enrolments } from '../../../credentials/enrolments.js';
import type { AuthContext } from '../../../kernel/auth-context.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { NoFields, Submitted, type SubmittedForm } from '../../../pages/submitted-form.js';
import { TotpFactor } from '../totp.factor.js';
import { TotpEnrolmentService } from '../totp-enrolment.service.js';

class BeginForm {
  @IsOptional()
  @IsString()
  password?: string;
}

class ConfirmForm {
  @IsString()
  @MaxLength(64)
  code!: string;
}

@PageController('account/factors/totp', 'account')
export class TotpPage {
  constructor(
    private readonly enrolment: TotpEnrolmentService,
    private readonly factor: TotpFactor,
    private readonly enrolments: Enrolments,
    private readonly fresh: FreshProof,
  ) {}

  @Get()
  show(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    return this.page(auth, null);
  }

  /** The reply shows the secret, and nothing does again: a page that is loaded anew makes another one. */
  @Post()
  begin(
    @Submitted(BeginForm) form: SubmittedForm<BeginForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ password }) => {
        const { secret, qrSvg } = await this.enrolment.begin(auth, password || undefined, exchange);
        const qr = `data:image/svg+xml;base64,${Buffer.from(qrSvg).toString('base64')}`;
        return view('factor-totp-secret', { qr, secret: secret.match(/.{1,4}/g) ?? [] });
      },
      (problem) => this.page(auth, problem),
    );
  }

  /** Without the secret: for who comes back, or has typed a wrong code. */
  @Get('confirm')
  showConfirmation(): PageView {
    return view('factor-totp-confirm', { problem: null });
  }

  @Post('confirm')
  confirm(
    @Submitted(ConfirmForm) form: SubmittedForm<ConfirmForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async ({ code }) => {
        const { recoveryCodes } = await this.enrolment.confirm(auth, code, {}, exchange);
        return view('recovery-codes', { codes: recoveryCodes });
      },
      (problem) => view('factor-totp-confirm', { problem }, problem),
    );
  }

  @Get('remove')
  async showRemoval(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.fresh.assert(auth);
    return view('factor-totp-remove', { problem: null });
  }

  @Post('remove')
  @StepUp()
  remove(
    @Submitted(NoFields) form: SubmittedForm<NoFields>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async () => {
        await this.enrolment.remove(auth, {}, exchange);
        return seeOther('/account/factors', 'factor-totp.removed');
      },
      (problem) => view('factor-totp-remove', { problem }, problem),
    );
  }

  private async page({ user }: AuthContext, problem: Refused | null): Promise<PageView> {
    const [enrolled] = await this.factor.enrolledBy(user.id);
    const needsPassword = (await this.enrolments.of(user.id)).length === 0;
    return view('factor-totp', { enrolled: enrolled ?? null, needsPassword, problem }, { status: problem?.status });
  }
}
