const leftovers: (() => unknown)[] = [];

/**
 * Registers a clean-up: jest runs it at the end of every test file, and a program that uses these
 * parts without jest calls {@link clearUp}.
 */
export function atEnd(clear: () => unknown): void {
  leftovers.push(clear);
}

/** @throws AggregateError of the clean-ups that failed, after all have run */
export async function clearUp(): Promise<void> {
  const errors: unknown[] = [];
  for (const clear of leftovers) {
    try {
      await clear();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'));
}
