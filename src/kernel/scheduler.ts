/** Work that waits for its time, until {@link Scheduler.cancel} is given it. Node's own timers are ones. */
export type Timer = Disposable;

/**
 * Puts work off. Injected beside the {@link Clock}, so that a test decides when its time has come.
 *
 * What waits keeps no process alive; sockets and servers do. Work that throws ends the process, as it
 * would anywhere: whoever puts off what may fail says what becomes of the failure.
 */
export abstract class Scheduler {
  /** Runs once, when at least so many milliseconds have passed and the event loop is free. */
  abstract after(ms: number, run: () => void): Timer;

  /** Runs again and again, for the first time after one period. @param ms the period, in milliseconds */
  abstract every(ms: number, run: () => void): Timer;

  /** Runs when the present turn of the event loop has ended, and what it has read been handled. */
  abstract nextTurn(run: () => void): Timer;

  /** From here on it does not run. Does nothing where it has run, was cancelled, or is null. */
  abstract cancel(timer: Timer | null): void;

  /** Resolves when so many milliseconds have passed. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Resolves in the next turn of the event loop. */
  endOfTurn(): Promise<void> {
    return new Promise((resolve) => this.nextTurn(resolve));
  }

  /**
   * Bounds a wait, and leaves no timer behind. What was awaited goes on; nobody hears how it ends.
   * @param late decides where so many milliseconds have passed first: what it returns or throws
   */
  async within<Value>(
    ms: number,
    awaited: Value | PromiseLike<Value>,
    late: () => Value,
  ): Promise<Value> {
    let timer: Timer | null = null;
    const silence = new Promise<void>((resolve) => {
      timer = this.after(ms, resolve);
    }).then(late);
    try {
      return await Promise.race([awaited, silence]);
    } finally {
      this.cancel(timer);
    }
  }
}

/** Node's own timers. It has no state: any number of them are one. */
export class SystemScheduler extends Scheduler {
  override after(ms: number, run: () => void): Timer {
    return setTimeout(run, ms).unref();
  }

  override every(ms: number, run: () => void): Timer {
    return setInterval(run, ms).unref();
  }

  override nextTurn(run: () => void): Timer {
    return setImmediate(run);
  }

  override cancel(timer: Timer | null): void {
    timer?.[Symbol.dispose]();
  }
}
