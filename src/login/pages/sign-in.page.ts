import { Get, Post, Req } from '@nestjs/common';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { Public } from '../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { Options } from '../../config/options.js';
import { Factors } from '../../credentials/factors.js';
import { ProofPlaces } from '../../credentials/pages/proof-places.js';
import type { HttpRequest } from '../../edge/http-exchange.js';
import { BotChecked } from '../../limits/bot-check.interceptor.js';
import { DeclaredPages, isLeftOut } from '../../pages/define-templates.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeAddress, seeOther, view } from '../../pages/page-view.js';
import { QueryText } from '../../pages/query-text.decorator.js';
import { returnAddress } from '../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../pages/submitted-form.js';
import { LoginNames } from '../../usernames/login-names.js';
import { usersOptions } from '../../users/users-options.js';
import { SignInSteps } from './sign-in-steps.js';
import { SignedIn } from './signed-in.js';

class SignInForm {
  /** An address; a username where these are switched on. */
  @IsString()
  @MaxLength(320)
  email!: string;

  @IsString()
  password!: string;

  @IsOptional()
  @IsString()
  @MaxLength(4096)
  return?: string;
}

@PageController('sign-in', 'sign-in')
export class SignInPage {
  /** Names of the factors, other than the password, that a login can begin with in a browser. */
  private readonly others: readonly string[];
  private readonly links: Readonly<Record<'canSignUp' | 'canReset' | 'canSendVerification', boolean>>;

  constructor(
    private readonly steps: SignInSteps,
    private readonly signedIn: SignedIn,
    private readonly places: ProofPlaces,
    private readonly names: LoginNames,
    declared: DeclaredPages,
    factors: Factors,
    options: Options,
  ) {
    this.others = factors.all
      .filter(({ canBegin, pageModule }) => canBegin && pageModule !== null)
      .map(({ name }) => name);
    const { selfRegistration } = options.of(usersOptions);
    const leadsTo = (name: string) => {
      const page = declared.get(name);
      return page !== undefined && !isLeftOut(page, options);
    };
    this.links = {
      canSignUp: leadsTo('sign-up') && selfRegistration,
      canReset: leadsTo('forgot'),
      canSendVerification: leadsTo('send-verification'),
    };
  }

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
  signIn(
    @Submitted(SignInForm) form: SubmittedForm<SignInForm>,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> {
    const returnTo = returnAddress(form.text('return'));
    return form.take(
      async ({ email: typed, password }) => {
        const email = await this.names.addressFor(typed);
        return this.steps.begin('password', { email, password }, returnTo, exchange);
      },
      (problem) => this.form({ email: form.text('email'), returnTo, problem }),
    );
  }

  private async form(values: SignInValues): Promise<PageView> {
    const offered = await this.places.toBegin();
    const shown = { ...values, ...this.links, hasUsernames: this.names.isOn, others: this.others, offered };
    return view('sign-in', shown, values.problem ?? undefined);
  }
}

interface SignInValues {
  readonly email: string;
  readonly returnTo: string | null;
  readonly problem: Refused | null;
}
