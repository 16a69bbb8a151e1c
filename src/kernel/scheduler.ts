/** Scheduled work, for {@link Scheduler.cancel}. Node's own timers are ones. */
export type Timer = Disposable;

/**
 * Schedules work. Injected beside the {@link Clock}, so that a test decides when it is due.
 *
 * Timers keep no process alive; sockets and servers do. Work that throws ends the process, as it
 * would anywhere: whoever schedules what may fail handles the failure.
 */
export abstract class Scheduler {
  /** Runs once, after at least this many milliseconds, as soon as the event loop is free. */
  abstract after(ms: number, run: () => void): Timer;

  /** Runs repeatedly, for the first time after one period. @param ms the period, in milliseconds */
  abstract every(ms: number, run: () => void): Timer;

  /** Runs after the present turn of the event loop, and after everything it read is handled. */
  abstract nextTurn(run: () => void): Timer;

  /** It will not run any more. Does nothing if it has run, was cancelled, or is null. */
  abstract cancel(timer: Timer | null): void;

  /** Resolves after this many milliseconds. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve));
  }

  /** Resolves in the next turn of the event loop. */
  endOfTurn(): Promise<void> {
    return new Promise((resolve) => this.nextTurn(resolve));
  }

  /**
   * Puts a time-out on a promise, and leaves no timer behind. The awaited work goes on; its result
   * is ignored.
   * @param late decides the outcome when the time has passed: what it returns or throws
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

/** Node's own timers. Stateless: any number of instances are one. */
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
