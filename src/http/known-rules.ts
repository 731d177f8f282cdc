import { getMetadataStorage, type MetadataStorage, type ValidationError, Validator } from 'class-validator';
// @ts-expect-error: the package declares the types of this file elsewhere only.
import { ValidationExecutor } from 'class-validator/cjs/validation/ValidationExecutor.js';

type Rules = ReturnType<MetadataStorage['getTargetValidationMetadatas']>;

/** What class-validator's own `validate` asks of it. */
interface Executor {
  metadataStorage: MetadataStorage;
  readonly awaitingPromises: readonly Promise<unknown>[];
  execute(object: object, schema: undefined, errors: ValidationError[]): void;
  stripEmptyErrors(errors: ValidationError[]): ValidationError[];
}

const Execution = ValidationExecutor as new (validator: Validator, options: object) => Executor;

/**
 * Validates objects as class-validator's `validate` does, with the same options each time. That looks through the rules of every class there is,
 * for each object; this once for each class.
 */
export class KnownRules {
  private readonly validator = new Validator();
  private readonly byClass = new WeakMap<Asked[0], Rules>();
  private readonly storage: MetadataStorage = Object.create(getMetadataStorage(), {
    getTargetValidationMetadatas: { value: (...asked: Asked) => this.rulesOf(...asked) },
  });

  async validate(object: object, options: object): Promise<ValidationError[]> {
    const execution = new Execution(this.validator, options);
    execution.metadataStorage = this.storage;
    const errors: ValidationError[] = [];
    execution.execute(object, undefined, errors);
    await Promise.all(execution.awaitingPromises);
    return execution.stripEmptyErrors(errors);
  }

  private rulesOf(...asked: Asked): Rules {
    const [dto] = asked;
    const rules = this.byClass.get(dto) ?? getMetadataStorage().getTargetValidationMetadatas(...asked);
    // A value inside of a body may say anything of its class.
    if (typeof dto === 'function') this.byClass.set(dto, rules);
    return rules;
  }
}

type Asked = Parameters<MetadataStorage['getTargetValidationMetadatas']>;
