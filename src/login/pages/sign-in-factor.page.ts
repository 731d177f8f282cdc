import { Get, Post } from '@nestjs/common';
import { IsIn, IsJSON, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { Public } from '../../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../../access/replier.js';
import { LoginPolicy } from '../../credentials/login-policy.js';
import { ProofFields } from '../../credentials/pages/proof-fields.js';
import { AuthError } from '../../kernel/auth-error.js';
import { PageController } from '../../pages/page-controller.js';
import { type PageView, type Refused, type SeeOther, seeProblem, view } from '../../pages/page-view.js';
import { QueryText } from '../../pages/query-text.decorator.js';
import { returnAddress, withReturn } from '../../pages/return-address.js';
import { Submitted, SubmittedForm } from '../../pages/submitted-form.js';
import { type PendingLogin, PendingLogins } from '../pending-login/pending-logins.js';
import { PendingLoginCookie } from './pending-login-cookie.js';
import { SignInSteps } from './sign-in-steps.js';

class FactorForm {
  @Matches(/^[a-z_]{1,32}$/)
  factor!: string;

  @IsOptional()
  @IsString()
  @MaxLength(64)
  code?: string;

  @IsOptional()
  @IsJSON()
  @MaxLength(20_000)
  credential?: string;

  @IsOptional()
  @IsIn(['on'])
  remember?: 'on';

  @IsOptional()
  @IsString()
  @MaxLength(4096)
  return?: string;
}

interface Shown {
  readonly wanted: string | undefined;
  readonly returnTo: string | null;
  readonly problem: Refused | null;
}

@PageController('sign-in/factor', 'sign-in')
export class SignInFactorPage {
  constructor(
    private readonly steps: SignInSteps,
    private readonly cookie: PendingLoginCookie,
    private readonly pending: PendingLogins,
    private readonly policy: LoginPolicy,
    private readonly fields: ProofFields,
  ) {}

  @Get()
  @Public()
  show(
    @QueryText('return') given: unknown,
    @QueryText('factor') wanted: unknown,
    @CurrentExchange() exchange: Exchange,
  ): PageView | SeeOther {
    const returnTo = returnAddress(given);
    const login = this.pendingLogin(exchange);
    if (login === null) return startAgain(returnTo);
    return this.form(
      login,
      { wanted: typeof wanted === 'string' ? wanted : undefined, returnTo, problem: null },
      exchange,
    );
  }

  @Post()
  @Public()
  proveFactor(
    @Submitted(FactorForm) form: SubmittedForm<FactorForm>,
    @CurrentExchange() exchange: Exchange,
  ): Promise<PageView | SeeOther> | SeeOther {
    const returnTo = returnAddress(form.text('return'));
    const login = this.pendingLogin(exchange);
    if (login === null) return startAgain(returnTo);
    return form.take(
      ({ factor, code, credential, remember }) => {
        const proof = this.fields.proofOf({ factor, code, credential });
        const next = { ...proof, loginToken: this.cookie.read(exchange.caller), rememberDevice: remember === 'on' };
        return this.steps.proceed(next, returnTo, exchange);
      },
      (problem) => this.form(login, { wanted: form.text('factor'), returnTo, problem }, exchange),
    );
  }

  private form(login: PendingLogin, { wanted, returnTo, problem }: Shown, { caller }: Exchange): PageView {
    const ways = this.fields.waysOf(login.factors);
    const chosen = ways.find(({ name }) => name === wanted) ?? ways[0]!;
    const others = ways.filter((way) => way !== chosen);
    const rememberSeconds = this.policy.rememberedSecondsFor({ id: login.userId, roles: login.roles });
    // A module sends it back to where the browser's ceremony begins; the cookie is out of its reach.
    const loginToken = chosen.module === null ? null : this.cookie.read(caller);
    const values = {
      chosen,
      others,
      rememberDays: Math.floor(rememberSeconds / 86_400),
      returnTo,
      problem,
      loginToken,
    };
    return view('sign-in-factor', values, problem ?? undefined);
  }

  /** Null for none that this browser could go on with. */
  private pendingLogin({ caller }: Exchange): PendingLogin | null {
    try {
      return this.pending.readLogin(this.cookie.read(caller), caller);
    } catch (error) {
      if (error instanceof AuthError && error.code === 'invalid_credentials') return null;
      throw error;
    }
  }
}

function startAgain(returnTo: string | null): SeeOther {
  return seeProblem(withReturn('/sign-in', returnTo), 'sign-in-factor.again');
}
