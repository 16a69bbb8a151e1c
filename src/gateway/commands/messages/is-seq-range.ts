import { registerDecorator } from 'class-validator';

/** A number, or the first and the last of several. */
export type SeqRange = number | readonly [low: number, high: number];

export function IsSeqRange(): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isSeqRange',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: { validate: (value: unknown) => isSeq(value) || isPair(value) },
    });
  };
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(isSeq);
}

function isSeq(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}
