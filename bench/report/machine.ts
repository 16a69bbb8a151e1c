import { cpus, release, totalmem, type } from 'node:os';

const GIB = 1024 ** 3;

/** Where the figures were measured. */
export interface Machine {
  readonly when: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
}

export function machine(): Machine {
  return {
    when: new Date().toISOString(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / GIB),
    system: `${type()} ${release()}`,
    node: process.version,
  };
}
