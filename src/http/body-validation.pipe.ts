import { type ArgumentMetadata, Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Refusal } from '../kernel/refusal.js';
import { checkShape } from './json-shape.js';

/** A field's name is told back only where it cannot be anything but a name. */
const PLAIN_NAME = /^[a-z][a-z0-9_]{0,31}$/i;

/**
 * Turns the body of a request into its DTO and validates it; a missing body counts as an empty one.
 * Other parameters pass as they are.
 *
 * Refuses with `invalid-body` what is no object, with `too-deep` what is nested beyond the limit,
 * with `unknown-field` what the DTO does not know, and with `invalid-field` what it does not accept.
 */
@Injectable()
export class BodyValidationPipe implements PipeTransform {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (metadata.type !== 'body' || metadata.metatype === undefined) return value;
    const body = value ?? {};
    if (typeof body !== 'object' || Array.isArray(body)) throw new Refusal('invalid-body');
    checkShape(body, this.settings.limits.jsonDepth);
    const dto = plainToInstance(metadata.metatype, body) as object;
    const [fault] = validateSync(dto, {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      stopAtFirstError: true,
      validationError: { target: false, value: false },
    });
    if (fault) throw refusalOf(fault);
    return dto;
  }
}

function refusalOf(fault: ValidationError): Refusal {
  const isUnknown = fault.constraints?.['whitelistValidation'] !== undefined;
  const field = PLAIN_NAME.test(fault.property) ? { field: fault.property } : {};
  return new Refusal(isUnknown ? 'unknown-field' : 'invalid-field', field);
}
