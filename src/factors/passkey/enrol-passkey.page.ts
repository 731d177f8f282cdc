import { Get, Post } from '@nestjs/common';
import { IsJSON, IsOptional, IsString, MaxLength } from 'class-validator';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { CurrentAuth, OpenToEnrolment } from '../../access/route-decorators.js';
import { ProofFields } from '../../credentials/pages/proof-fields.js';
import type { AuthContext } from '../../kernel/auth-context.js';
import { PageController } from '../../pages/page-controller.js';
import { PageValidationPipe } from '../../pages/page-validation.pipe.js';
import { type PageView, type SeeOther, seeAddress, seeOther, view } from '../../pages/page-view.js';
import { QueryText } from '../../pages/query-text.decorator.js';
import { returnAddress } from '../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../pages/submitted-form.js';
import { RegisterPasskeyRequest } from './passkey.requests.js';
import { PasskeyService } from './passkey.service.js';

class EnrolPasskeyForm {
  /** The result of `navigator.credentials.create`, as JSON. */
  @IsString()
  @IsJSON()
  @MaxLength(50_000)
  credential!: string;

  @IsOptional()
  @IsString()
  @MaxLength(4096)
  return?: string;
}

/** Sets a passkey up in the middle of a sign-in that requires a second factor. */
@PageController('sign-in/enrol/passkey', 'sign-in')
export class EnrolPasskeyPage {
  constructor(
    private readonly passkeys: PasskeyService,
    private readonly fields: ProofFields,
    private readonly validation: PageValidationPipe,
  ) {}

  @Get()
  @OpenToEnrolment()
  show(@QueryText('return') given: unknown): PageView {
    return view('enrol-passkey', { returnTo: returnAddress(given), problem: null });
  }

  @Post()
  @OpenToEnrolment()
  register(
    @Submitted(EnrolPasskeyForm) form: SubmittedForm<EnrolPasskeyForm>,
    @CurrentAuth() auth: AuthContext,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    const returnTo = returnAddress(form.text('return'));
    return form.take(
      async (given) => {
        const { credential } = this.fields.proofOf({ factor: 'passkey', credential: given.credential });
        const params = await this.validation.validated(RegisterPasskeyRequest, { credential });
        await this.passkeys.register(params, auth, exchange);
        return returnTo === null ? seeOther('/account') : seeAddress(returnTo);
      },
      (problem) => view('enrol-passkey', { returnTo, problem }, problem),
    );
  }
}
