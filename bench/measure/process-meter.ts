import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports times in hundredths of a second, whatever its timer runs at. */
const MS_PER_TICK = 10;

/** Measures a process and all that it started, from outside. */
export class ProcessMeter {
  constructor(private readonly pid: number) {}

  /** User and system time of all threads so far, in milliseconds. */
  cpuMs(): number {
    return sum(family(this.pid), (pid) => {
      const values = statFields(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      return (Number(values[11]) + Number(values[12])) * MS_PER_TICK;
    });
  }

  /** Resident memory in bytes. */
  rssBytes(): number {
    return sum(family(this.pid), (pid) => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
    });
  }
}

/** The command's name may hold spaces and brackets, so that fields count from its end. */
function statFields(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function family(pid: number): number[] {
  const threads = `/proc/${pid}/task`;
  const children = readdirSync(threads).flatMap((thread) =>
    readFileSync(`${threads}/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(family)];
}

function sum(pids: readonly number[], measure: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + measure(pid), 0);
}
