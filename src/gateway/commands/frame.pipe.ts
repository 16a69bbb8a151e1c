import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { CompiledDto } from './dto/compiled-dto.js';

type DtoClass = new () => object;

/** Turns the body of a command into its DTO, or refuses it and names the field. */
@Injectable()
export class FramePipe implements PipeTransform {
  private readonly compiled = new Map<DtoClass, CompiledDto<DtoClass>>();

  /** @throws Refusal `invalid-field` or `unknown-field` */
  transform(value: unknown, { metatype, type }: ArgumentMetadata): unknown {
    if (type !== 'body' || metatype === undefined || metatype === Object) return value;
    return this.compile(metatype as DtoClass).read(value as Record<string, unknown>);
  }

  private compile(metatype: DtoClass): CompiledDto<DtoClass> {
    let compiled = this.compiled.get(metatype);
    if (compiled === undefined) {
      compiled = new CompiledDto(metatype);
      this.compiled.set(metatype, compiled);
    }
    return compiled;
  }
}
