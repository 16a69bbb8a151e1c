import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Refusal } from '../../../src/kernel/refusal.js';
import { placeOf } from '../typescript/place.cjs';
import { NATIVE_REQUIRE } from './pass-on.mjs';

const ROOT = new URL('../../../', import.meta.url);

describe('the realm of a spec', () => {
  it('is that of Node itself: its errors are instances of Error', () => {
    try {
      readFileSync('/nowhere/at/all');
    } catch (error) {
      expect(error instanceof Error).toBe(true);
      expect(error instanceof TypeError).toBe(false);
    }
    expect.assertions(2);
  });

  it('is that of the packages: they know its types by their metadata', async () => {
    @Injectable()
    class Part {}
    @Injectable()
    class Whole {
      constructor(readonly part: Part) {}
    }
    @Module({ providers: [Part, Whole] })
    class Home {}
    const app = await NestFactory.createApplicationContext(Home, { logger: false });
    expect(app.get(Whole).part).toBeInstanceOf(Part);
    expect(structuredClone([new Error()])).toBeInstanceOf(Array);
    await app.close();
  });

  it('has our own sources once: those that a spec imports are those that Node loaded', () => {
    const load = Reflect.get(globalThis, NATIVE_REQUIRE) as (file: string) => unknown;
    const refusal = placeOf(fileURLToPath(new URL('src/kernel/refusal.ts', ROOT)));
    expect(load(refusal)).toMatchObject({ Refusal });
  });

  it('tells where in our sources an error was thrown', () => {
    const where = expect.stringMatching(/src\/kernel\/refusal\.ts:\d/);
    const faulty = (): unknown => new Refusal('unheard-of' as 'busy').retryable;
    expect(faulty).toThrow(expect.objectContaining({ stack: where }));
  });
});
