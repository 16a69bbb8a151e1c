import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { Refusal } from '../kernel/refusal.js';

/** Fields of the contract: only these are named in an answer, so that nothing is echoed. */
const NAMED = new Set(['data', 'to', 'room', 'ref', 'user', 'id', 'seq', 'time', 'code', 'type']);

/** Turns the body of a command into its DTO, or refuses it and names the field. */
@Injectable()
export class FramePipe implements PipeTransform {
  /** @throws Refusal `invalid-field` or `unknown-field` */
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if (type !== 'body' || metatype === undefined || metatype === Object) return value;
    const dto = plainToInstance(metatype as new () => object, value);
    const [fault] = validateSync(dto, {
      whitelist: true,
      forbidNonWhitelisted: true,
      stopAtFirstError: true,
      validationError: { target: false, value: false },
    });
    if (fault) throw toRefusal(fault);
    return dto;
  }
}

function toRefusal(fault: ValidationError): Refusal {
  const unknown = fault.constraints?.['whitelistValidation'] !== undefined;
  const field = NAMED.has(fault.property) ? { field: fault.property } : {};
  return new Refusal(unknown ? 'unknown-field' : 'invalid-field', field);
}
