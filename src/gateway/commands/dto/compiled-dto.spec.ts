import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';
import { Refusal } from '../../../kernel/refusal.js';
import { CompiledDto } from './compiled-dto.js';
import { GroupChatDto } from '../messages/group-chat.js';
import { GroupListDto } from '../people/group-list.js';
import { RenewDto } from '../session/renew.js';
import { SingleChatDto } from '../messages/single-chat.js';
import { SyncDto } from '../sync/sync.js';

const BODIES: readonly Record<string, unknown>[] = [
  {},
  { data: 'hi' },
  { data: '' },
  { data: 5 },
  { data: 'hi', ref: 'r' },
  { data: 'hi', ref: '' },
  { data: 'hi', ref: 'r'.repeat(64) },
  { data: 'hi', ref: 'r'.repeat(65) },
  { data: 'hi', ref: 7 },
  { data: 'hi', room: 'lobby' },
  { data: 'hi', room: [] },
  { data: 'hi', to: 'bob' },
  { data: 'hi', to: '' },
  { data: 'hi', to: { username: 'bob' } },
  { data: 'hi', seq: 1 },
  { data: ['hi'] },
  { data: { lobby: 1 } },
  { data: { lobby: -1 } },
  { data: { lobby: 1.5 } },
  { data: { lobby: '1' } },
  { data: { '': 1 } },
  { ref: 'only' },
];

describe('A compiled DTO', () => {
  for (const dto of [GroupListDto, GroupChatDto, SingleChatDto, SyncDto, RenewDto]) {
    it(`judges every body as class-validator does: ${dto.name}`, () => {
      const compiled = new CompiledDto<new () => object>(dto);
      for (const body of BODIES) {
        const faults = validateSync(Object.assign(new dto(), body), {
          whitelist: true,
          forbidNonWhitelisted: true,
        });
        let accepted = true;
        try {
          expect(compiled.read(body)).toEqual(body);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          accepted = false;
        }
        expect({ body, accepted }).toEqual({ body, accepted: faults.length === 0 });
      }
    });
  }

  it.each([
    ...['toString', 'valueOf', 'hasOwnProperty', 'isPrototypeOf', 'toLocaleString'],
    ...['propertyIsEnumerable', '__defineGetter__', '__lookupSetter__'],
  ])('knows no field because every object has it: %s', (name) => {
    for (const dto of [GroupListDto, GroupChatDto, SingleChatDto, SyncDto, RenewDto]) {
      const compiled = new CompiledDto<new () => object>(dto);
      expect(() => compiled.read({ data: 'hi', [name]: 'x' })).toThrow('unknown-field');
    }
  });

  it('names a field of the contract, and never one that the client made up', () => {
    const compiled = new CompiledDto(GroupChatDto);
    const refusalOf = (body: Record<string, unknown>): Refusal => {
      try {
        compiled.read(body);
      } catch (error) {
        if (error instanceof Refusal) return error;
      }
      throw new Error('it was accepted');
    };
    expect(refusalOf({ data: 5 })).toMatchObject({
      code: 'invalid-field',
      details: { field: 'data' },
    });
    expect(refusalOf({ data: 'x', seq: 1 })).toMatchObject({
      code: 'unknown-field',
      details: { field: 'seq' },
    });
    expect(refusalOf({ data: 'x', 'my secret': 1 }).details).toEqual({});
  });
});
