import { applyDecorators } from '@nestjs/common';
import { IsOptional, IsString, Length } from 'class-validator';

/** The client's correlation id of a frame, which its answer carries. */
export function IsRef(): PropertyDecorator {
  return applyDecorators(IsOptional(), IsString(), Length(1, 64));
}
