import { Injectable } from '@nestjs/common';
import { AuthError } from '../../../kernel/auth-error.js';
import { Catalogue } from '../../../languages/catalogue.js';
import { FormReader } from '../../../pages/form-reader.js';
import { PagePaths } from '../../../pages/page-paths.js';
import { type PageView, view } from '../../../pages/page-view.js';
import { RefusedForm } from '../../../pages/refused-form.js';
import { DeclaredFormFields } from '../../../users/declared-form-fields.js';
import { textOf } from './refused-email.js';

const NO_ERROR = new AuthError('validation_failed');

/** The form to sign up, empty or as it was sent. */
@Injectable()
export class SignUpForms {
  constructor(
    private readonly declared: DeclaredFormFields,
    private readonly forms: FormReader,
    private readonly paths: PagePaths,
    private readonly catalogue: Catalogue,
  ) {}

  show(form: Readonly<Record<string, unknown>>, status?: number): PageView {
    return this.page(form, NO_ERROR, null, status);
  }

  /** The form with what is wrong beside each field. An error that a person can do nothing about is given back as it is. */
  refusal(form: Readonly<Record<string, unknown>>, error: AuthError): AuthError {
    const { code, status } = error;
    if (code === 'forbidden') return new RefusedForm(error, view('sign-up-closed', {}, { status }));
    if (code === 'conflict') return new RefusedForm(error, this.page(form, error, 'sign-up.taken', status));
    if (code !== 'validation_failed') return error;
    return new RefusedForm(error, this.page(form, error, 'error.validation_failed', status));
  }

  /** No password is ever shown again. */
  private page(form: object, error: AuthError, refusal: string | null, status?: number): PageView {
    const fields = this.declared.fields.map((field) => ({
      ...field,
      labelKey: this.catalogue.has(`field.${field.name}`) ? `field.${field.name}` : null,
      label: labelOf(field.name),
      value: textOf(form, field.name),
      wrong: this.forms.brokenRule(error, field.name),
    }));
    const values = {
      refusedBy: refusal,
      email: textOf(form, 'email'),
      wrongEmail: this.forms.brokenRule(error, 'email'),
      name: textOf(form, 'name'),
      wrongName: this.forms.brokenRule(error, 'name'),
      wrong: this.forms.brokenRule(error, 'password'),
      fields,
      hintPath: this.paths.pathOf('/password-hint'),
    };
    return view('sign-up', values, { status });
  }
}

/** `companyName` is `Company name`, unless the application has a word `field.companyName`. */
function labelOf(name: string): string {
  const words = name
    .replace(/_/g, ' ')
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
