import { registerDecorator } from 'class-validator';
import { MOST_MENTIONED } from '../../../chat/messages/changing/rich-message.service.js';

const LONGEST_NAME = 128;

/** Names of people whom a message mentions. */
export function IsNames(): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: 'isNames',
      target: target.constructor,
      propertyName: String(propertyName),
      validator: { validate: areNames },
    });
  };
}

function areNames(value: unknown): boolean {
  return Array.isArray(value) && value.length <= MOST_MENTIONED && value.every(isName);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= LONGEST_NAME;
}
