import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { UserStore } from '../../auth/accounts/user-store.js';
import { ConfigModule } from '../../config/config.module.js';
import { loadSettings } from '../../config/load.js';
import { KernelModule } from '../../kernel/kernel.module.js';
import { SqliteStoreModule } from './sqlite-store.module.js';

@Injectable()
class Neighbour implements OnModuleInit, OnApplicationShutdown {
  atStart = 0;
  late: Promise<number> | undefined;

  constructor(private readonly users: UserStore) {}

  async onModuleInit(): Promise<void> {
    this.atStart = await this.users.nextGuestNumber();
  }

  beforeApplicationShutdown(): void {
    this.late ??= this.users.nextGuestNumber();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.late;
  }
}

@Module({ providers: [Neighbour] })
class NeighbourModule {}

describe('The module of the embedded engine', () => {
  let folder: string;
  let started: TestingModule[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-'));
    started = [];
  });

  afterEach(async () => {
    await Promise.all(started.map((module) => module.close()));
    rmSync(folder, { recursive: true });
  });

  async function start(): Promise<TestingModule> {
    const settings = loadSettings({ NODE_ENV: 'test', DATA_DIR: join(folder, 'data') });
    const module = await Test.createTestingModule({
      // The neighbour comes first: the order of the list must not matter.
      imports: [KernelModule, NeighbourModule, ConfigModule.forRoot(settings), SqliteStoreModule],
    }).compile();
    await module.init();
    started.push(module);
    return module;
  }

  it('has opened its stores before other modules begin', async () => {
    const module = await start();
    expect(module.get(Neighbour, { strict: false }).atStart).toBe(1);
  });

  it('stores what is taken until the end of the shutdown', async () => {
    const module = await start();
    const neighbour = module.get(Neighbour, { strict: false });
    await module.close();
    await expect(neighbour.late).resolves.toBe(2);
  });

  it('goes on over the same folder when it is started again', async () => {
    const first = await start();
    await first.close();
    const second = await start();
    expect(second.get(Neighbour, { strict: false }).atStart).toBe(3);
  });

  it('keeps a second service out of its folder', async () => {
    await start();
    await expect(start()).rejects.toThrow('is in use by another service');
  });
});
