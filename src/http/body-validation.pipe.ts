import { type ArgumentMetadata, Inject, Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Refusal } from '../kernel/refusal.js';
import { checkShape } from './json-shape.js';

/** A field's name is echoed only where it cannot be anything but a name. */
const PLAIN_NAME = /^[a-z][a-z0-9_]{0,31}$/i;

/**
 * Turns a request's body into its DTO and validates it; a missing body counts as empty. Other
 * parameters pass unchanged.
 *
 * Refuses with `invalid-body` what is no object, with `too-deep` what is nested beyond the limit,
 * with `unknown-field` what the DTO does not know, and with `invalid-field` what it does not
 * accept.
 */
@Injectable()
export class BodyValidationPipe implements PipeTransform {
  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (metadata.type !== 'body' || metadata.metatype === undefined) return value;
    const body = value === undefined ? {} : spelledOut(value, metadata.metatype);
    if (typeof body !== 'object' || body === null || Array.isArray(body)) {
      throw new Refusal('invalid-body');
    }
    checkShape(body, this.settings.limits.jsonDepth);
    checkNames(body, metadata.metatype);
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

/** A DTO of which one field may be given alone, as the whole body. */
export interface Abbreviated {
  readonly alone: string;
}

/** Where the field is there and is no number it is spelled out: a number stands for somebody of that name. */
function spelledOut(value: unknown, dto: object): unknown {
  if (!('alone' in dto)) return value;
  const { alone } = dto as Abbreviated;
  const isSpelledOut = typeof value === 'object' && value !== null && alone in value;
  const field = isSpelledOut ? (value as Readonly<Record<string, unknown>>)[alone] : 0;
  return typeof field === 'number' ? { [alone]: value } : value;
}

/**
 * class-validator looks names up in a plain object, and so takes `toString`, and whatever else
 * every object inherits, for known.
 */
function checkNames(body: object, dto: Parameters<typeof plainToInstance>[0]): void {
  const known = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const names = new Set(known.map(({ propertyName }) => propertyName));
  for (const name of Object.keys(body)) {
    if (!names.has(name)) throw unknownField(name);
  }
}

function unknownField(name: string): Refusal {
  return new Refusal('unknown-field', PLAIN_NAME.test(name) ? { field: name } : {});
}

function refusalOf(fault: ValidationError): Refusal {
  const isUnknown = fault.constraints?.['whitelistValidation'] !== undefined;
  const field = PLAIN_NAME.test(fault.property) ? { field: fault.property } : {};
  return new Refusal(isUnknown ? 'unknown-field' : 'invalid-field', field);
}
