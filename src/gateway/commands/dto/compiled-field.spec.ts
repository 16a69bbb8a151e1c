import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import {
  Allow,
  ArrayMaxSize,
  IsDefined,
  IsOptional,
  IsString,
  Length,
  registerDecorator,
  Validate,
  ValidateIf,
  ValidateNested,
  ValidatePromise,
  ValidatorConstraint,
} from 'class-validator';
import { CompiledDto } from './compiled-dto.js';

type Decorators = readonly PropertyDecorator[];

/** A DTO with one property under these decorators. */
function dtoWith(decorators: Decorators): new () => object {
  class SomeDto {
    readonly data?: unknown;
  }
  Reflect.decorate([...decorators], SomeDto.prototype, 'data');
  return SomeDto;
}

/** A custom decorator. */
function custom(validate: (value: unknown, args?: unknown) => unknown, async = false) {
  return (target: object, property: string | symbol): void => {
    registerDecorator({
      name: 'custom',
      async,
      target: target.constructor,
      propertyName: String(property),
      validator: { validate: validate as () => boolean },
    });
  };
}

class Undeclared {
  validate(): boolean {
    return false;
  }
}

@ValidatorConstraint({ name: 'later', async: true })
class Later {
  async validate(): Promise<boolean> {
    return false;
  }
}

const objectOf = (args: unknown): object => (args as { readonly object: object }).object;
const valueOf = (args: unknown): unknown => (args as { readonly value: unknown }).value;

describe('A DTO of a frame', () => {
  it.each<[string, Decorators, string]>([
    ['a nested DTO', [ValidateNested()], 'nestedValidation is not understood'],
    ['a promise', [ValidatePromise()], 'promiseValidation is not understood'],
    ['a condition', [ValidateIf(() => false), IsString()], 'conditionalValidation is not'],
    ['a mere presence', [IsDefined()], 'isDefined is not understood'],
    ['no check at all', [Allow()], 'whitelistValidation is not understood'],
    ['nothing but a permission to be absent', [IsOptional()], 'nothing checks it'],
    ['each item', [IsString({ each: true })], 'the option each of isString'],
    ['groups', [Length(1, 2, { groups: ['a'] })], 'the option groups of isLength'],
    ['a group of its absence', [IsOptional({ groups: ['a'] }), IsString()], 'the option groups'],
    ['all groups', [IsString({ always: true })], 'the option always of isString'],
    ['a condition of one check', [IsString({ validateIf: () => false })], 'the option validateIf'],
    ['a message', [ArrayMaxSize(2, { message: 'too many' })], 'the option message of'],
    ['a context', [IsString({ context: { a: 1 } })], 'the option context of isString'],
    ['a check that says it is asynchronous', [Validate(Later)], 'does not answer at once'],
    ['a check of that kind', [custom(async () => false, true)], 'custom does not answer at once'],
    ['a check that turns out to be', [custom(async () => false)], 'custom does not answer at once'],
    ['a check that nobody declared', [Validate(Undeclared)], 'has no check that is declared'],
    ['other fields', [custom((_, args) => 'a' in objectOf(args))], 'looks at its own field only'],
    ['the value, twice', [custom((_, args) => valueOf(args) === 1)], 'as its first argument only'],
  ])('is refused at the start where it asks for %s', (_what, decorators, reason) => {
    const compile = (): unknown => new CompiledDto(dtoWith(decorators));
    expect(compile).toThrow(`SomeDto.data: `);
    expect(compile).toThrow(reason);
  });

  it.each<[string, Decorators]>([
    ['a text', [IsString()]],
    ['a text that may be absent', [IsOptional(), IsString(), Length(1, 64)]],
    ['a check of its own', [custom((value) => value === 1)]],
    ['options that change nothing', [IsString({ each: false, groups: [] })]],
  ])('is understood where it asks for %s', (_what, decorators) => {
    expect(() => new CompiledDto(dtoWith(decorators))).not.toThrow();
  });
});
