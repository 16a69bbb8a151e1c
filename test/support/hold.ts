/**
 * Defers calls of a method until the returned function is called.
 * @param part the real part of the service: what it then does is what it always does
 */
export function hold<Name extends string>(
  part: Record<Name, (...given: never[]) => Promise<unknown>>,
  name: Name,
): () => void {
  const method = part[name].bind(part) as (...given: unknown[]) => Promise<unknown>;
  let goOn: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (goOn = resolve));
  const held = async (...given: unknown[]): Promise<unknown> => {
    await released;
    return await method(...given);
  };
  Object.assign(part, { [name]: held });
  return goOn;
}
