/** Counts the calls of an object's methods, whoever makes them, until {@link end}. */
export class CountedCalls {
  private calls: string[] = [];
  private readonly original = new Map<string, unknown>();
  private readonly prototype: Record<string, unknown>;

  constructor(counted: object) {
    this.prototype = Object.getPrototypeOf(counted) as Record<string, unknown>;
    for (const name of Object.getOwnPropertyNames(this.prototype)) {
      const method = this.prototype[name];
      if (typeof method === 'function' && name !== 'constructor') this.count(name, method);
    }
  }

  /** @returns the names of those that were called meanwhile, in order */
  async during(work: () => Promise<unknown>): Promise<readonly string[]> {
    this.calls = [];
    await work();
    return this.calls;
  }

  end(): void {
    for (const [name, method] of this.original) this.prototype[name] = method;
  }

  private count(name: string, method: object): void {
    const call = (): void => {
      this.calls.push(name);
    };
    this.original.set(name, method);
    this.prototype[name] = function counted(this: unknown, ...given: unknown[]): unknown {
      call();
      return (method as (...all: unknown[]) => unknown).apply(this, given);
    };
  }
}
