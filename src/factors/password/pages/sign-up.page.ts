import { Get, Post, Req } from '@nestjs/common';
import { type Caller, CurrentCaller } from '../../../access/caller.js';
import { Public } from '../../../access/public.decorator.js';
import { Options } from '../../../config/options.js';
import type { HttpRequest } from '../../../edge/http-exchange.js';
import { AuthError } from '../../../kernel/auth-error.js';
import { BotChecked } from '../../../limits/bot-check.interceptor.js';
import { LimitKeys } from '../../../limits/limit-keys.js';
import { MAILS } from '../../../limits/rate-limit-rule.js';
import { RateLimited } from '../../../limits/rate-limited.decorator.js';
import { FormReader } from '../../../pages/form-reader.js';
import { PageController } from '../../../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../../../pages/page-view.js';
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
    private readonly forms: FormReader,
    private readonly signUpForms: SignUpForms,
    private readonly keys: LimitKeys,
    options: Options,
  ) {
    this.isOpen = options.of(usersOptions).selfRegistration;
  }

  @Get()
  @Public()
  show(): PageView {
    return this.isOpen ? this.signUpForms.show({}) : view('sign-up-closed');
  }

  @Post()
  @Public()
  @BotChecked('register')
  @RateLimited({ ...MAILS, countedAs: 'RegistrationController.register' })
  async signUp(@Req() { body }: HttpRequest, @CurrentCaller() caller: Caller): Promise<SeeOther> {
    const form = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    try {
      await this.register(form, caller);
    } catch (error) {
      throw error instanceof AuthError ? this.signUpForms.refusal(form, error) : error;
    }
    return seeOther('/sign-up/sent');
  }

  private async register(form: Readonly<Record<string, unknown>>, caller: Caller): Promise<void> {
    const converted = this.declared.converted(form);
    const { email, password, name, fields } = await this.forms.read(RegisterRequest, converted);
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
