import {
  getMetadataStorage,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';

/** One validation decorator on one property, as class-validator stores it. */
export type Metadata = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

/** Options of a decorator besides its check. Frames use none of them. */
const OPTIONS = ['groups', 'always', 'each', 'validateIf', 'context', 'message'] as const;

interface Check {
  readonly constraint: ValidatorConstraintInterface;
  readonly args: ValidationArguments;
}

/**
 * The arguments of a check. One that asks for the rest of the frame gets an error, rather than an
 * empty frame in which it would find no fault.
 */
class DecoratorArguments implements ValidationArguments {
  constructor(
    readonly targetName: string,
    readonly property: string,
    readonly constraints: unknown[],
  ) {}

  get value(): never {
    throw new Error('a check is given the value as its first argument only');
  }

  get object(): never {
    throw new Error('a check looks at its own field only');
  }
}

/** A property of a DTO whose decorators are compiled. */
export class CompiledField {
  private readonly isOptional: boolean;
  private readonly checks: readonly Check[];

  /**
   * @param owner the name of the DTO
   * @param decorators all of this property
   * @throws Error that names class and property of an unsupported decorator or option: ignoring it
   *   would accept what it forbids
   */
  constructor(
    owner: string,
    readonly name: string,
    decorators: readonly Metadata[],
  ) {
    try {
      for (const one of decorators) refuseUnknown(one);
      const conditions = decorators.filter(isOptional);
      this.isOptional = conditions.length > 0;
      this.checks = decorators
        .filter((one) => !conditions.includes(one))
        .flatMap((one) => checksOf(owner, one));
      if (this.checks.length === 0) throw new Error('nothing checks it');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${owner}.${name}: ${reason}`, { cause: error });
    }
  }

  /** The verdict of class-validator, at a tenth of the cost. */
  accepts(value: unknown): boolean {
    if (this.isOptional && (value === undefined || value === null)) return true;
    for (const { constraint, args } of this.checks) {
      if (constraint.validate(value, args) !== true) return false;
    }
    return true;
  }
}

function isOptional({ type, name }: Metadata): boolean {
  return type === 'conditionalValidation' && name === 'isOptional';
}

function refuseUnknown(metadata: Metadata): void {
  if (metadata.type !== 'customValidation' && !isOptional(metadata)) {
    throw new Error(`${nameOf(metadata)} is not understood`);
  }
  for (const option of OPTIONS) {
    const value: unknown = metadata[option];
    const isGiven = Array.isArray(value)
      ? value.length > 0
      : value !== undefined && value !== false;
    if (isGiven) throw new Error(`the option ${option} of ${nameOf(metadata)} is not understood`);
  }
}

function checksOf(owner: string, metadata: Metadata): readonly Check[] {
  const { propertyName, constraints, constraintCls } = metadata;
  const given = (constraints as unknown[] | undefined) ?? [];
  const args = new DecoratorArguments(owner, propertyName, given);
  const found = getMetadataStorage().getTargetValidatorConstraints(constraintCls);
  if (found.length === 0) throw new Error(`${nameOf(metadata)} has no check that is declared`);
  return found.map(({ instance, async }) => {
    // Run once at start, so that a check that cannot stand alone is found before a client does.
    const verdict = async || instance.validate(undefined, args);
    if (async || typeof verdict !== 'boolean') {
      throw new Error(`${nameOf(metadata)} does not answer at once`);
    }
    return { constraint: instance, args };
  });
}

/** Decorators without a check of their own have no name, but their type has. */
function nameOf({ name, type }: Metadata): string {
  return name ?? type;
}
