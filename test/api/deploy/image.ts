import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CleanRoot, type ContainedProcess } from '../../support/clean-root.js';
import { allPaths, read, ROOT } from '../../support/documents.js';
import { isIgnored, pairsOf, readStages, type Stage, type Step } from './dockerfile.js';

/** What an engine keeps of an image beside its files. */
interface Config {
  workdir: string;
  user: string;
  env: Record<string, string>;
  volume: string;
  stopSignal: NodeJS.Signals;
  command: readonly string[];
  health: readonly string[];
}

interface Locked {
  readonly dev?: boolean;
}

/**
 * The image of deploy/Dockerfile, made by its own steps in clean roots, where there is no engine.
 * Two things are as this machine has them: what a base image brings (Node and the system), and the
 * packages, which `npm ci` would install from the lockfile and which are linked here.
 */
export class Image {
  readonly config: Config = {
    workdir: '/',
    user: 'root',
    env: {},
    volume: '',
    stopSignal: 'SIGTERM',
    command: [],
    health: [],
  };

  private constructor(readonly root: CleanRoot) {}

  static async build(): Promise<Image> {
    const images = new Map<string, Image>();
    let latest: Image | null = null;
    for (const stage of readStages()) {
      latest = new Image(new CleanRoot());
      await latest.carryOut(stage, images);
      images.set(stage.name, latest);
    }
    if (latest === null) throw new Error('the Dockerfile has no stage');
    return latest;
  }

  /** As `docker run --read-only --cap-drop ALL` with a volume. */
  run(env: Readonly<Record<string, string>>, command = this.config.command): ContainedProcess {
    const { user, workdir, volume } = this.config;
    return this.root.start(command, {
      ...{ user, workdir, volume },
      env: { ...this.config.env, ...env },
    });
  }

  private async carryOut(stage: Stage, images: ReadonlyMap<string, Image>): Promise<void> {
    for (const step of stage.steps) {
      if (step.instruction === 'COPY') this.copy(step.text, images);
      else if (step.instruction === 'RUN') await this.carryOutRun(step.text);
      else this.configure(step);
    }
  }

  private configure({ instruction, text }: Step): void {
    const { config } = this;
    if (instruction === 'WORKDIR') {
      config.workdir = text;
      mkdirSync(this.root.at(text), { recursive: true });
    } else if (instruction === 'ENV') {
      Object.assign(config.env, pairsOf(text));
    } else if (instruction === 'USER') config.user = text;
    else if (instruction === 'VOLUME') config.volume = (JSON.parse(text) as string[])[0] ?? '';
    else if (instruction === 'STOPSIGNAL') config.stopSignal = text as NodeJS.Signals;
    else if (instruction === 'CMD') config.command = JSON.parse(text) as string[];
    else if (instruction === 'HEALTHCHECK') {
      config.health = JSON.parse(text.slice(text.indexOf('['))) as string[];
    } else if (instruction !== 'EXPOSE') {
      throw new Error(`this test does not know what ${instruction} does`);
    }
  }

  private copy(text: string, images: ReadonlyMap<string, Image>): void {
    const words = text.split(' ');
    const from = words[0]?.startsWith('--from=') === true ? words.shift()?.slice(7) : undefined;
    const target = words.pop() ?? '';
    if (from === undefined) this.copyContext(words, target);
    else
      for (const source of words) this.put(imageOf(images, from).root.at(source), source, target);
  }

  private copyContext(sources: readonly string[], target: string): void {
    for (const path of allPaths().filter((one) => !one.endsWith('/') && !isIgnored(one))) {
      for (const source of sources) {
        if (source === '.') this.put(join(ROOT, path), path, join(target, path));
        else if (path === source) this.put(join(ROOT, path), path, target);
        else if (path.startsWith(`${source}/`)) {
          this.put(join(ROOT, path), path, join(target, path.slice(source.length + 1)));
        }
      }
    }
  }

  /** As COPY does: into a folder where the target ends with a slash, else under that very name. */
  private put(file: string, source: string, target: string): void {
    const inside = target.endsWith('/') ? join(target, basename(source)) : target;
    const place = this.root.at(join(this.config.workdir, inside));
    mkdirSync(dirname(place), { recursive: true });
    if (basename(file) === 'node_modules') link(file, place);
    else cpSync(file, place, { recursive: true, verbatimSymlinks: true });
  }

  private async carryOutRun(text: string): Promise<void> {
    if (text.startsWith('npm ci')) {
      this.install(text.includes('--omit=dev'));
      return;
    }
    const { env, user, workdir } = this.config;
    await this.root.run(['sh', '-c', text], { env, user, workdir });
  }

  /** The packages of the lockfile, those for development only where they are wanted. */
  private install(productionOnly: boolean): void {
    const lockfile = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
    const wanted = Object.entries(lockfile.packages)
      .filter(([path]) => /^node_modules\/(?:@[^/]+\/)?[^/]+$/.test(path))
      .filter(([, { dev = false }]) => !productionOnly || !dev)
      .filter(([path]) => existsSync(join(ROOT, path)));
    const folder = this.root.at(join(this.config.workdir, 'node_modules'));
    for (const [path] of wanted) link(join(ROOT, path), join(folder, path.slice(13)));
  }
}

/** A folder's files under a second name, which takes no time; copies where that is another disk. */
function link(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  for (const how of ['-al', '-a']) {
    if (spawnSync('cp', [how, source, target]).status === 0) return;
    rmSync(target, { recursive: true, force: true });
  }
  throw new Error(`${source} cannot be copied to ${target}`);
}

function imageOf(images: ReadonlyMap<string, Image>, name: string): Image {
  const image = images.get(name);
  if (image === undefined) throw new Error(`there is no stage ${name}`);
  return image;
}
