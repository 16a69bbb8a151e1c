import { registerDecorator } from 'class-validator';

/** Conversations that one Sync may name. */
const MOST_CONVERSATIONS = 200;
const LONGEST_NAME = 130;

/** An object of conversation names and the highest number that the client has of each. */
export function IsPositions(): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isPositions',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: { validate: arePositions },
    });
  };
}

/** Whether a value is what {@link IsPositions} wants. */
export function arePositions(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return entries.length <= MOST_CONVERSATIONS && entries.every(isPosition);
}

function isPosition([name, seq]: [string, unknown]): boolean {
  const named = name.length > 0 && name.length <= LONGEST_NAME;
  return named && typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 0;
}
