import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports times in hundredths of a second, whatever its timer frequency. */
const MS_PER_TICK = 10;
/** Offsets from the user time field: the system time, and both for ended children. */
const [ALONE, WITH_CHILDREN] = [2, 4];

/** Measures a process and its children, from outside. */
export class ProcessMeter {
  constructor(private readonly pid: number) {}

  /** User and system time of all threads, and of ended children; in milliseconds. */
  cpuMs(): number {
    return sum(family(this.pid), (pid) => cpuMsOf(pid, WITH_CHILDREN));
  }

  /** The same without its children. */
  ownCpuMs(): number {
    return cpuMsOf(this.pid, ALONE);
  }

  /** Open files and sockets. */
  descriptors(): number {
    return readdirSync(`/proc/${this.pid}/fd`).length;
  }

  /** Resident memory in bytes. */
  rssBytes(): number {
    return sum(family(this.pid), (pid) => {
      const status = readProc(`${pid}/status`);
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    });
  }
}

function cpuMsOf(pid: number, times: number): number {
  const ticks = statFields(readProc(`${pid}/stat`)).slice(11, 11 + times);
  return ticks.reduce((total, one) => total + Number(one), 0) * MS_PER_TICK;
}

/** @returns an empty text for a process that has just gone */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

/** The command's name may hold spaces and brackets, so that fields count from its end. */
function statFields(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function family(pid: number): number[] {
  const children = threadsOf(pid).flatMap((thread) =>
    readProc(`${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(family)];
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function sum(pids: readonly number[], measure: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + measure(pid), 0);
}
