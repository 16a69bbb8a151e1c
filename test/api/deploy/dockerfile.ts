import { read } from '../../support/documents.js';

export interface Step {
  readonly instruction: string;
  readonly text: string;
}

/** From one FROM to the next. */
export interface Stage {
  readonly base: string;
  /** What a `COPY --from` calls it; empty where it has no name. */
  readonly name: string;
  readonly steps: readonly Step[];
}

/** deploy/Dockerfile, stage by stage. */
export function readStages(): readonly Stage[] {
  const stages: (Stage & { steps: Step[] })[] = [];
  for (const line of logicalLines(read('deploy/Dockerfile'))) {
    const [, instruction = '', text = ''] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    if (instruction === 'FROM') {
      const [base = '', , name = ''] = text.split(/ +/);
      stages.push({ base, name, steps: [] });
    } else {
      stages.at(-1)?.steps.push({ instruction, text });
    }
  }
  return stages;
}

/** The settings that the image has. */
export function imageEnvironment(): Readonly<Record<string, string>> {
  const steps = readStages().at(-1)?.steps ?? [];
  const texts = steps.filter(({ instruction }) => instruction === 'ENV').map(({ text }) => text);
  return Object.assign({}, ...texts.map(pairsOf)) as Record<string, string>;
}

/** `A=1 B=2`, as ENV has it. */
export function pairsOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split(' ')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/** Without comments, and lines that end in a backslash joined with the next. */
function logicalLines(text: string): readonly string[] {
  return text
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

/**
 * Whether .dockerignore leaves a path out of the context. Understands what is there: names at the
 * top, and names at any depth.
 */
export function isIgnored(path: string): boolean {
  const parts = path.split('/');
  const patterns = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return patterns.some((pattern) => {
    const deep = pattern.startsWith('**/');
    const name = pattern.replace('**/', '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
    const matches = (part: string): boolean => new RegExp(`^${name}$`).test(part);
    return deep ? parts.some(matches) : matches(parts[0] ?? '');
  });
}
