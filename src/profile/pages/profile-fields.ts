import { Injectable } from '@nestjs/common';
import type { AuthUser } from '../../kernel/auth-context.js';
import { Catalogue } from '../../languages/catalogue.js';
import { DeclaredUserFields, type FieldShape } from '../../users/declared-user-fields.js';

/** A declared field in a form. */
export interface FormField extends FieldShape {
  /** Of its word; null: there is none. */
  readonly labelKey: string | null;
  /** What stands there without a word. */
  readonly label: string;
  readonly text: string;
  readonly isChecked: boolean;
}

/** A profile as it stands in the form. */
export interface TypedProfile {
  readonly name: string;
  readonly fields: readonly FormField[];
}

/** A profile that was sent, as it is shown again, and as the JSON route would have been sent it. */
export interface SentProfile extends TypedProfile {
  readonly values: Readonly<Record<string, unknown>>;
}

const NUMBER = /^-?\d{1,15}(\.\d{1,15})?$/;

/** The fields that an application has declared and lets users change, as a form. */
@Injectable()
export class ProfileFields {
  constructor(
    private readonly declared: DeclaredUserFields,
    private readonly catalogue: Catalogue,
  ) {}

  of({ name, fields }: AuthUser): TypedProfile {
    const stored = fields as Readonly<Record<string, unknown>>;
    return { name: name ?? '', fields: this.shapes.map((shape) => this.fieldOf(shape, stored[shape.name])) };
  }

  /** An empty text takes a value away; a box that is not ticked is not sent. What is no number is left to the validation. */
  read(body: unknown): SentProfile {
    const sent = { ...(body as Readonly<Record<string, unknown>> | null) };
    const values: Record<string, unknown> = { ...sent };
    for (const { name, type } of this.shapes) {
      const given = sent[name];
      if (type === 'boolean') values[name] = given === undefined ? false : given === 'on' ? true : given;
      else if (given === '') values[name] = null;
      else if (type === 'number' && typeof given === 'string' && NUMBER.test(given)) values[name] = Number(given);
    }
    const fields = this.shapes.map((shape) => this.fieldOf(shape, values[shape.name]));
    return { name: typeof sent.name === 'string' ? sent.name : '', fields, values };
  }

  private get shapes(): FieldShape[] {
    return this.declared.shapesFor('own-change');
  }

  private fieldOf(shape: FieldShape, value: unknown): FormField {
    const key = `field.${shape.name}`;
    const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
    const labelKey = this.catalogue.has(key) ? key : null;
    return { ...shape, labelKey, label: readable(shape.name), text, isChecked: value === true };
  }
}

/** `companyName` as `Company name`. */
function readable(name: string): string {
  const words = name.replace(/([a-z\d])([A-Z])/g, '$1 $2').replaceAll('_', ' ').toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
