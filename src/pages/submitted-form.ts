import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { requestOf } from '../edge/edge.js';
import { PageValidationPipe } from './page-validation.pipe.js';
import { type PageView, type Refused, refused, type SeeOther } from './page-view.js';

type Result = PageView | SeeOther;

/** A form that was sent, nothing of it checked yet: so that what is wrong with it can be said beside it. */
export class SubmittedForm<T extends object> {
  constructor(
    private readonly dto: Type<T>,
    private readonly body: Readonly<Record<string, unknown>>,
    private readonly validation: PageValidationPipe,
  ) {}

  /** A field as it was sent, to be shown again; empty where it was not. */
  text(field: string): string {
    const value = Object.hasOwn(this.body, field) ? this.body[field] : undefined;
    return typeof value === 'string' ? value : '';
  }

  /**
   * Validates the form, as strictly as a JSON body, and does with it what it is for.
   *
   * @param again what is shown when a person can do something about the refusal
   * @throws whatever no form can help with, see `refused`
   */
  async take(
    act: (given: T) => Promise<Result>,
    again: (refusal: Refused) => Result | Promise<Result>,
  ): Promise<Result> {
    try {
      return await act((await this.validation.transform(this.body, { type: 'body', metatype: this.dto })) as T);
    } catch (error) {
      return again(refused(error));
    }
  }
}

interface Given {
  readonly dto: Type<object>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Hands what was sent to a handler. */
@Injectable()
export class SubmittedForms implements PipeTransform<() => Given, SubmittedForm<object>> {
  constructor(private readonly validation: PageValidationPipe) {}

  transform(given: () => Given): SubmittedForm<object> {
    const { dto, body } = given();
    return new SubmittedForm(dto, body, this.validation);
  }
}

// Behind a function: a host's own pipes, which see every parameter, might copy what they take for data.
const RawForm = createParamDecorator((dto: Type<object>, context: ExecutionContext) => () => ({
  dto,
  body: (requestOf(context).body ?? {}) as Given['body'],
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
