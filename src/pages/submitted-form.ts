import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { IsOptional, Matches } from 'class-validator';
import { requestOf } from '../edge/edge.js';
import type { AuthError } from '../kernel/auth-error.js';
import { PAGE_AREA } from './page-controller-metadata.js';
import { PageValidationPipe } from './page-validation.pipe.js';
import { PageView, type Refused, refused, type SeeOther } from './page-view.js';
import type { PageArea } from './pages-options.js';
import { RefusedForm } from './refused-form.js';

type Result = PageView | SeeOther;

/** A form of a button only. */
export class NoFields {
  @IsOptional()
  @Matches(/^$/)
  none?: string;
}

/** A form that was sent, nothing of it checked yet: so that what is wrong with it can be said beside it. */
export class SubmittedForm<T extends object> {
  constructor(
    private readonly given: Given,
    private readonly validation: PageValidationPipe,
  ) {}

  /** A field as it was sent, to be shown again; empty where it was not. */
  text(field: string): string {
    const { body } = this.given;
    const value = Object.hasOwn(body, field) ? body[field] : undefined;
    return typeof value === 'string' ? value : '';
  }

  /** All that was sent. */
  get body(): Readonly<Record<string, unknown>> {
    return this.given.body;
  }

  /** The same form with these values, as the JSON route takes them: texts of numbers and boxes are made values before they are validated. */
  converted(body: Readonly<Record<string, unknown>>): SubmittedForm<T> {
    return new SubmittedForm({ ...this.given, body }, this.validation);
  }

  /** A field that may be sent several times, as it was. */
  texts(field: string): string[] {
    const value = Object.hasOwn(this.body, field) ? this.body[field] : undefined;
    return [value ?? []].flat().filter((one) => typeof one === 'string');
  }

  /**
   * Validates the form, as strictly as a JSON body, and does with it what it is for.
   *
   * @param again what is shown when a person can do something about the refusal
   * @throws RefusedForm with the page of `again`: so whatever counts refusals, as a limit does, sees one
   * @throws whatever no form can help with, see `refused`
   */
  async take(
    act: (given: T) => Promise<Result>,
    again: (refusal: Refused) => Result | Promise<Result>,
  ): Promise<Result> {
    const { dto, body, area } = this.given;
    try {
      return await act((await this.validation.transform(body, { type: 'body', metatype: dto })) as T);
    } catch (error) {
      const shown = await again(refused(error));
      if (shown instanceof PageView) throw new RefusedForm(error as AuthError, shown, area);
      return shown;
    }
  }
}

interface Given {
  readonly dto: Type<object>;
  readonly body: Readonly<Record<string, unknown>>;
  /** Of the page that the form stands on. */
  readonly area: PageArea;
}

/** Hands what was sent to a handler. */
@Injectable()
export class SubmittedForms implements PipeTransform<() => Given, SubmittedForm<object>> {
  constructor(private readonly validation: PageValidationPipe) {}

  transform(given: () => Given): SubmittedForm<object> {
    return new SubmittedForm(given(), this.validation);
  }
}

// Behind a function: a host's own pipes, which see every parameter, might copy what they take for data.
const RawForm = createParamDecorator((dto: Type<object>, context: ExecutionContext) => () => ({
  dto,
  body: formIn(requestOf(context).body),
  area: Reflect.getMetadata(PAGE_AREA, context.getClass()) as PageArea,
}));

/**
 * The form that was sent, of this class.
 *
 * @example
 * rename(@Submitted(RenameForm) form: SubmittedForm<RenameForm>) {
 *   return form.take(({ name }) => this.renamed(name), (problem) => view('rename', { problem }, problem));
 * }
 */
export const Submitted = (dto: Type<object>): ParameterDecorator => RawForm(dto, SubmittedForms);

function formIn(body: unknown): Given['body'] {
  return typeof body === 'object' && body !== null ? (body as Given['body']) : {};
}
