import { Get, Post } from '@nestjs/common';
import { type Caller, CurrentCaller } from '../../../access/caller.js';
import { Public } from '../../../access/public.decorator.js';
import { Options } from '../../../config/options.js';
import { BotChecked } from '../../../limits/bot-check.interceptor.js';
import { LimitKeys } from '../../../limits/limit-keys.js';
import { MAILS } from '../../../limits/rate-limit-rule.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
import { Submitted, SubmittedForm } from '../../../pages/submitted-form.js';
import { DeclaredFormFields } from '../../../users/declared-form-fields.js';
import { merged } from '../../../users/declared-user-fields.js';
import { usersOptions } from '../../../users/users-options.js';
import { RegisterRequest } from '../registration.controller.js';
import { RegistrationService } from '../registration.service.js';
import { SignUpForms } from './sign-up-forms.js';

@PageController('sign-up', 'sign-in')
export class SignUpPage {
  private readonly isOpen: boolean;

  constructor(
    private readonly registrations: RegistrationService,
    private readonly declared: DeclaredFormFields,
    private readonly signUpForms: SignUpForms,
    private readonly keys: LimitKeys,
    options: Options,
  ) {
    this.isOpen = options.of(usersOptions).selfRegistration;
  }

  @Get()
  @Public()
  show(): Promise<PageView> | PageView {
    return this.isOpen ? this.signUpForms.show() : view('sign-up-closed');
  }

  @Post()
  @Public()
  @BotChecked('register')
  @RateLimited({ ...MAILS, countedAs: 'RegistrationController.register' })
  signUp(
    @Submitted(RegisterRequest) form: SubmittedForm<RegisterRequest>,
    @CurrentCaller() caller: Caller,
  ): Promise<PageView | SeeOther> {
    return form.converted(this.declared.converted(form.body)).take(
      async (given) => {
        await this.register(given, caller);
        return seeOther('/sign-up/sent');
      },
      (problem) => this.signUpForms.refusal(form, problem),
    );
  }

  private async register({ email, password, name, fields }: RegisterRequest, caller: Caller): Promise<void> {
    await this.registrations.register({
      email,
      password,
      name: name || null,
      fields: merged(null, fields ?? {}),
      source: this.keys.source(caller),
      origin: caller,
    });
  }
}
