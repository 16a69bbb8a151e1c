/** Lets deferred calls go on. */
export interface Release {
  (): void;
  /** Resolves with the first call that is deferred. */
  readonly reached: Promise<void>;
}

/**
 * Defers calls of a method until the returned function is called.
 * @param part the real part of the service: what it then does is what it always does
 */
export function hold<Name extends string>(
  part: Record<Name, (...given: never[]) => Promise<unknown>>,
  name: Name,
): Release {
  const method = part[name].bind(part) as (...given: unknown[]) => Promise<unknown>;
  let goOn: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (goOn = resolve));
  let reach: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const held = async (...given: unknown[]): Promise<unknown> => {
    reach();
    await released;
    return await method(...given);
  };
  Object.assign(part, { [name]: held });
  return Object.assign(goOn, { reached });
}
