import { Injectable } from '@nestjs/common';
import { ProofPlaces } from '../../../credentials/pages/proof-places.js';
import { Catalogue } from '../../../languages/catalogue.js';
import { PagePaths } from '../../../pages/page-paths.js';
import { type PageView, type Refused, view } from '../../../pages/page-view.js';
import type { SubmittedForm } from '../../../pages/submitted-form.js';
import { DeclaredFormFields } from '../../../users/declared-form-fields.js';

/** The form to sign up, empty or as it was sent. */
@Injectable()
export class SignUpForms {
  constructor(
    private readonly declared: DeclaredFormFields,
    private readonly paths: PagePaths,
    private readonly catalogue: Catalogue,
    private readonly places: ProofPlaces,
  ) {}

  show(): Promise<PageView> {
    return this.page(() => '', null);
  }

  /** The form with what is wrong in it; or that signing up is closed. */
  async refusal(form: Pick<SubmittedForm<object>, 'text'>, problem: Refused): Promise<PageView> {
    if (problem.code === 'forbidden') return view('sign-up-closed', {}, problem);
    return this.page((field) => form.text(field), problem);
  }

  /** No password is ever shown again. */
  private async page(text: (field: string) => string, problem: Refused | null): Promise<PageView> {
    const fields = this.declared.fields.map((field) => ({
      ...field,
      labelKey: this.catalogue.has(`field.${field.name}`) ? `field.${field.name}` : null,
      label: labelOf(field.name),
      value: text(field.name),
    }));
    const hintPath = this.paths.pathOf('/password-hint');
    const offered = await this.places.toBegin();
    const values = { email: text('email'), name: text('name'), fields, problem, hintPath, offered, returnTo: null };
    return view('sign-up', values, problem ?? undefined);
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
