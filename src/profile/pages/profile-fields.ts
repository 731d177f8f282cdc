import { Injectable } from '@nestjs/common';
import type { AuthUser } from '../../kernel/auth-context.js';
import { Catalogue } from '../../languages/catalogue.js';
import { DeclaredFormFields, type FormField } from '../../users/declared-form-fields.js';

/** A declared field, as the form shows it. */
export interface ShownField extends FormField {
  /** Of its word; null: there is none. */
  readonly labelKey: string | null;
  /** The visible label of the field. */
  readonly label: string;
  readonly text: string;
  readonly isChecked: boolean;
}

/** A profile as it stands in the form. */
export interface TypedProfile {
  readonly name: string;
  /** Tag; empty: as the browser asks. */
  readonly language: string;
  readonly fields: readonly ShownField[];
}

/** A profile that was sent, as it is shown again, and as the JSON route would have been sent it. */
export interface SentProfile extends TypedProfile {
  readonly values: Readonly<Record<string, unknown>>;
}

/** The fields that an application has declared and lets users change, as a form. */
@Injectable()
export class ProfileFields {
  constructor(
    private readonly declared: DeclaredFormFields,
    private readonly catalogue: Catalogue,
  ) {}

  of({ name, language, fields }: AuthUser): TypedProfile {
    return {
      name: name ?? '',
      language: language ?? '',
      fields: this.shown(fields as Readonly<Record<string, unknown>>),
    };
  }

  read(body: unknown): SentProfile {
    const sent = { ...(body as Readonly<Record<string, unknown>> | null) };
    const values = this.declared.converted(sent, 'own-change');
    if (values.language === '') values.language = null;
    return { name: textOf(sent.name), language: textOf(sent.language), fields: this.shown(values), values };
  }

  private shown(values: Readonly<Record<string, unknown>>): ShownField[] {
    return this.declared.fieldsFor('own-change').map((field) => {
      const [key, value] = [`field.${field.name}`, values[field.name]];
      const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
      const labelKey = this.catalogue.has(key) ? key : null;
      return { ...field, labelKey, label: readable(field.name), text, isChecked: value === true };
    });
  }
}

function textOf(sent: unknown): string {
  return typeof sent === 'string' ? sent : '';
}

/** `companyName` as `Company name`. */
function readable(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
