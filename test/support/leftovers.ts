const leftovers: (() => unknown)[] = [];

/**
 * Has something cleared up when all is over: by jest at the end of every test file, and by a
 * program that uses these parts without jest when it says so.
 */
export function atEnd(clear: () => unknown): void {
  leftovers.push(clear);
}

/** @throws AggregateError of what could not be cleared up, when all else was */
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
