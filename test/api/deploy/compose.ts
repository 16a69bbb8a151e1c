import { parse } from 'yaml';
import { read } from '../../support/documents.js';

/** What these tests look at of a service in a compose file. */
export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: {
    readonly default: {
      readonly ipam: { readonly config: readonly { readonly subnet: string }[] };
    };
  };
}

/**
 * A file of deploy/, with variables as the engine puts them in: `${NAME}`, `${NAME:-instead}`, and
 * `${NAME:?why}`, without which nothing is started.
 * @throws Error with the variable's name and why it is needed
 */
export function readCompose(file: string, variables: Readonly<Record<string, string>>): Compose {
  const text = read(`deploy/${file}`)
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');
  const filled = text.replaceAll(
    /\$\{(\w+)(?::([-?])([^}]*))?\}/g,
    (_, name: string, kind: string | undefined, words = '') => {
      const value = variables[name] ?? '';
      if (value !== '') return value;
      if (kind === '?') throw new Error(`${name} ${String(words)}`);
      return kind === '-' ? String(words) : '';
    },
  );
  return parse(filled, { merge: true }) as Compose;
}
