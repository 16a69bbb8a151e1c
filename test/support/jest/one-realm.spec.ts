import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

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
});
