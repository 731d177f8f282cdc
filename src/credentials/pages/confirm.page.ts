import { Get, Post } from '@nestjs/common';
import { IsJSON, IsNotEmpty, IsOptional, IsString, Matches, MaxLength, ValidateIf } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth, OpenToEnrolment } from '../../access/route-decorators.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeAddress, seeOther, view } from '../../pages/page-view.js';
import { QueryText } from '../../pages/query-text.decorator.js';
import { returnAddress } from '../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../pages/submitted-form.js';
import { Enrolments } from '../enrolments.js';
import { Factors } from '../factors.js';
import { StepUpService } from '../step-up.service.js';
import { ProofFields } from './proof-fields.js';
import { ProofPlaces } from './proof-places.js';

class ConfirmForm {
  @ValidateIf(({ credential }) => !credential)
  @IsString()
  @IsNotEmpty()
  password?: string;

  @IsOptional()
  @Matches(/^[a-z_]{1,32}$/)
  factor?: string;

  @ValidateIf(({ factor, credential }) => factor !== undefined && !credential)
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  code?: string;

  @IsOptional()
  @IsJSON()
  @MaxLength(20_000)
  credential?: string;

  @IsOptional()
  @IsString()
  @MaxLength(4096)
  return?: string;
}

/** Asks a signed-in user to prove again who they are. */
@PageController('confirm', 'sign-in')
export class ConfirmPage {
  constructor(
    private readonly stepUps: StepUpService,
    private readonly enrolments: Enrolments,
    private readonly fields: ProofFields,
    private readonly factors: Factors,
    private readonly places: ProofPlaces,
  ) {}

  @Get()
  @OpenToEnrolment()
  show(
    @QueryText('return') given: unknown,
    @QueryText('factor') wanted: unknown,
    @CurrentAuth() auth: AuthContext,
  ): Promise<PageView> {
    return this.form(auth, { wanted, returnTo: returnAddress(given), problem: null });
  }

  @Post()
  @OpenToEnrolment()
  confirm(
    @Submitted(ConfirmForm) form: SubmittedForm<ConfirmForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    const returnTo = returnAddress(form.text('return'));
    return form.take(
      async ({ password, factor, code, credential }) => {
        const proof = factor === undefined ? {} : this.fields.proofOf({ factor, code, credential });
        await this.stepUps.stepUp({ password, ...proof }, auth, exchange);
        return returnTo === null ? seeOther('/account') : seeAddress(returnTo);
      },
      (problem) => this.form(auth, { wanted: form.text('factor'), returnTo, problem }),
    );
  }

  /** A user with a second factor proves that one too: the password alone would make less of the session than it was. */
  private async form(auth: AuthContext, { wanted, returnTo, problem }: Shown): Promise<PageView> {
    const { id } = auth.user;
    const [enrolled, elsewhere, hasPassword] = await Promise.all([
      this.enrolments.of(id),
      this.places.toConfirm(id),
      this.hasPassword(id),
    ]);
    const ways = this.fields.waysOf(enrolled).filter((way) => hasPassword || way.module !== null);
    const chosen = ways.find(({ name }) => name === wanted) ?? ways[0] ?? null;
    const others = ways.filter((way) => way !== chosen);
    const values = { chosen, others, hasPassword, elsewhere, returnTo, problem };
    return view('confirm', values, problem ?? undefined);
  }

  /** A user without one signs in elsewhere, or with a passkey: a code alone is asked for after either. */
  private async hasPassword(userId: string): Promise<boolean> {
    return ((await this.factors.find('password')?.enrolledBy(userId)) ?? []).length > 0;
  }
}

interface Shown {
  readonly wanted: unknown;
  readonly returnTo: string | null;
  readonly problem: Refused | null;
}
