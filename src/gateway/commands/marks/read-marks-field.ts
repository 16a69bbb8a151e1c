import { registerDecorator } from 'class-validator';
import { arePositions } from '../sync/positions.js';

/** `"all"`, or an object of conversation names and the last number that was read of each. */
export function IsReadMarks(): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isReadMarks',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: { validate: (value: unknown) => value === 'all' || arePositions(value) },
    });
  };
}
