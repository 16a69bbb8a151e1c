import { rmSync } from 'node:fs';

const leftovers: (() => unknown)[] = [];
const paths: string[] = [];

/**
 * Registers a clean-up: jest runs it at the end of every test file, and a program that uses these
 * parts without jest calls {@link clearUp}.
 */
export function atEnd(clear: () => unknown): void {
  leftovers.push(clear);
}

/** Removes a file or folder after all clean-ups: until they have run, somebody may write there. */
export function removeAtEnd(path: string): void {
  paths.push(path);
}

/** @throws AggregateError of the clean-ups that failed, after all have run */
export async function clearUp(): Promise<void> {
  const errors: unknown[] = [];
  const removals = paths.splice(0).map((path) => () => {
    rmSync(path, { recursive: true, force: true });
  });
  for (const clear of [...leftovers, ...removals]) {
    try {
      await clear();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'));
}
