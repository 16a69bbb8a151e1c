import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { CompiledDto, type DtoClass } from './dto/compiled-dto.js';

/** Validates a command's body into its DTO, or refuses it and names the field. */
@Injectable()
export class FramePipe implements PipeTransform {
  /** @throws Refusal `invalid-field` or `unknown-field` */
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if (type !== 'body') return value;
    return CompiledDto.of(metatype as DtoClass).read(value as Record<string, unknown>);
  }
}
