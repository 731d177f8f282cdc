import { Post } from '@nestjs/common';
import { IsJSON, IsOptional, IsString, MaxLength } from 'class-validator';
import { Public } from '../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { ProofFields } from '../../credentials/pages/proof-fields.js';
import { SignInSteps } from '../../login/pages/sign-in-steps.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type SeeOther, view } from '../../pages/page-view.js';
import { returnAddress } from '../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../pages/submitted-form.js';

class PasskeySignInForm {
  /** The result of `navigator.credentials.get`, as JSON. */
  @IsString()
  @IsJSON()
  @MaxLength(20_000)
  credential!: string;

  @IsOptional()
  @IsString()
  @MaxLength(4096)
  return?: string;
}

/** Takes what the module on the sign-in page has fetched. */
@PageController('sign-in/passkey', 'sign-in')
export class PasskeySignInPage {
  constructor(
    private readonly steps: SignInSteps,
    private readonly fields: ProofFields,
  ) {}

  @Post()
  @Public()
  signIn(
    @Submitted(PasskeySignInForm) form: SubmittedForm<PasskeySignInForm>,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    const returnTo = returnAddress(form.text('return'));
    return form.take(
      async (given) => {
        const { credential } = this.fields.proofOf({ factor: 'passkey', credential: given.credential });
        return this.steps.begin('passkey', { credential }, returnTo, exchange);
      },
      (problem) => view('passkey-sign-in', { problem, returnTo }, problem),
    );
  }
}
