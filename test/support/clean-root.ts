import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bounded, until } from './bounded.js';
import { atEnd } from './leftovers.js';
import { temporaryFolder } from './service.js';

/** This machine's programs and libraries, in place of a base image's. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib64'];
const NODE_HOME = dirname(dirname(process.execPath));
const BORROWED = [...SYSTEM, ...(NODE_HOME === '/usr' ? [] : [NODE_HOME])].filter(existsSync);
const PATH = [
  join(NODE_HOME, 'bin'),
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
].join(':');

const USERS = ['root:x:0:0::/root:/bin/sh', 'node:x:1000:1000::/home/node:/bin/sh', ''];
const GROUPS = ['root:x:0:', 'node:x:1000:', ''];

/** In its own namespaces: mounts made here vanish with the last process. */
const INSIDE = `set -e
root=$1 volume=$2 user=$3 workdir=$4; shift 4
mount --bind "$root" "$root"
for folder in ${BORROWED.join(' ')}; do
  mount --bind "$folder" "$root$folder"
  mount -o remount,ro,bind "$root$folder"
done
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"
if [ -n "$volume" ]; then
  mount --bind "$root$volume" "$root$volume"
  mount -o remount,ro,bind "$root"
fi
set -- sh -c 'cd "$0" && exec "$@"' "$workdir" "$@"
if [ "$user" != root ]; then
  set -- setpriv --reuid "$user" --regid "$user" --clear-groups --bounding-set=-all --no-new-privs \\
    --pdeathsig KILL "$@"
fi
exec chroot "$root" "$@"`;

/**
 * Ends all of it when the test is gone, however it ended: the test holds the other end of the
 * input.
 */
const ON_LEASH = `exec 3<&0
unshare --mount --pid --fork --kill-child /bin/sh -c "$@" 3<&- & program=$!
{ cat <&3; kill -KILL $program; } >/dev/null 2>&1 &
exec 3<&-
wait $program`;

export interface Inside {
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workdir?: string;
  /** The only writable folder; without one everything is writable. */
  readonly volume?: string;
}

const running = new Set<ContainedProcess>();

atEnd(async () => {
  await Promise.all([...running].map((one) => one.kill()));
});

/**
 * A root file system with nothing but system programs, in which to run as in a container. Needs
 * root, for its mounts.
 */
export class CleanRoot {
  readonly folder = temporaryFolder('root');

  constructor() {
    chmodSync(this.folder, 0o755);
    for (const folder of [...BORROWED, '/dev', '/proc', '/etc', '/tmp', '/root']) {
      mkdirSync(this.folder + folder, { recursive: true, mode: 0o755 });
    }
    writeFileSync(join(this.folder, 'etc/passwd'), USERS.join('\n'));
    writeFileSync(join(this.folder, 'etc/group'), GROUPS.join('\n'));
    writeFileSync(join(this.folder, 'etc/hosts'), '127.0.0.1 localhost\n');
  }

  /** The path on the machine of a path within this root. */
  at(path: string): string {
    return join(this.folder, path);
  }

  /** Starts a command as PID 1 of its own namespace, as a container engine does. */
  start(command: readonly string[], { env, user, workdir, volume }: Inside = {}): ContainedProcess {
    const place = [this.folder, volume ?? '', user ?? 'root', workdir ?? '/'];
    const child = spawn('/bin/sh', ['-c', ON_LEASH, 'sh', INSIDE, 'sh', ...place, ...command], {
      cwd: '/',
      env: { PATH, ...env },
    });
    const contained = new ContainedProcess(child);
    running.add(contained);
    child.once('exit', () => running.delete(contained));
    return contained;
  }

  /** Runs a command to its end. @throws Error with its output where it fails */
  async run(command: readonly string[], inside: Inside = {}): Promise<void> {
    const contained = this.start(command, inside);
    const code = await contained.ended();
    if (code !== 0) throw new Error(`${command.join(' ')}: ${String(code)}\n${contained.said()}`);
  }
}

/** A process in a {@link CleanRoot}. */
export class ContainedProcess {
  private text = '';

  constructor(private readonly child: ChildProcessWithoutNullStreams) {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    }
    child.stdin.on('error', () => undefined); // the leash of one that is gone already
  }

  said(): string {
    return this.text;
  }

  async says(line: RegExp): Promise<void> {
    const look = (): Promise<true | null> => {
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.text}`);
      return Promise.resolve(line.test(this.text) ? true : null);
    };
    await until(look, String(line), () => this.text);
  }

  /** Signals PID 1 of its namespace, as `docker stop` does. */
  signal(name: NodeJS.Signals): void {
    const first = descendants(this.child.pid ?? 0).find(isFirstOfItsSpace);
    if (first === undefined) throw new Error(`it does not run: ${this.text}`);
    process.kill(first, name);
  }

  /** @returns the exit code of the command */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      await bounded(once(this.child, 'close'), 'its end', () => this.text, 600_000);
    }
    return this.child.exitCode;
  }

  /** Kills it and all that it started. */
  async kill(): Promise<void> {
    this.child.stdin.end();
    await this.ended();
  }
}

function descendants(pid: number): readonly number[] {
  const tasks = `/proc/${String(pid)}/task`;
  if (!existsSync(tasks)) return [];
  const children = readdirSync(tasks)
    .flatMap((task) => readFileSync(`${tasks}/${task}/children`, 'utf8').trim().split(' '))
    .filter((child) => child !== '');
  return children.map(Number).flatMap((child) => [child, ...descendants(child)]);
}

function isFirstOfItsSpace(pid: number): boolean {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return /^NSpid:.*\t1$/m.test(status);
}
