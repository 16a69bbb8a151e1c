import { registerDecorator } from 'class-validator';
import { MOST_ATTACHED } from '../../../chat/messages/changing/attachables.js';

const LONGEST_ID = 64;

/** Ids of files that a message is to have, each once. */
export function IsAttachments(): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isAttachments',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: { validate: areIds },
    });
  };
}

function areIds(value: unknown): boolean {
  if (!Array.isArray(value) || value.length > MOST_ATTACHED) return false;
  return value.every(isId) && new Set(value).size === value.length;
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= LONGEST_ID;
}
