import { Get, Post } from '@nestjs/common';
import { FreshProof } from '../../../access/fresh-proof.js';
import { CurrentExchange, type Exchange } from '../../../access/replier.js';
import { CurrentAuth } from '../../../access/route-decorators.js';
import { StepUp } from '../../../access/step-up.js';
import type { AuthContext } from '../../../kernel/auth-context.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, view } from '../../../pages/page-view.js';
import { NoFields, Submitted, type SubmittedForm } from '../../../pages/submitted-form.js';
import { RecoveryCodeFactor } from '../recovery-code.factor.js';
import { RecoveryCodeRenewal } from '../recovery-code-renewal.js';

@PageController('account/factors/recovery-code', 'account')
export class RecoveryCodePage {
  constructor(
    private readonly factor: RecoveryCodeFactor,
    private readonly renewal: RecoveryCodeRenewal,
    private readonly fresh: FreshProof,
  ) {}

  @Get()
  async show(@CurrentAuth() auth: AuthContext): Promise<PageView> {
    await this.fresh.assert(auth);
    return this.page(auth, null);
  }

  /** The reply shows the codes, and nothing does again: a page that is loaded anew replaces them by others. */
  @Post()
  @StepUp()
  renew(
    @Submitted(NoFields) form: SubmittedForm<NoFields>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    return form.take(
      async () => {
        const { recoveryCodes } = await this.renewal.renew(auth, undefined, exchange);
        return view('recovery-codes', { codes: recoveryCodes });
      },
      (problem) => this.page(auth, problem),
    );
  }

  private async page({ user }: AuthContext, problem: Refused | null): Promise<PageView> {
    const [enrolled] = await this.factor.enrolledBy(user.id);
    return view('factor-recovery-code', { enrolled: enrolled ?? null, problem }, { status: problem?.status });
  }
}
